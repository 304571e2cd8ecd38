import Glibc

/// An IPv4 or IPv6 address.
struct NetworkAddress: Hashable {
    /// 4 or 16, the most significant first. An IPv4 address in an IPv6 one (`::ffff:…`) is taken for what it is.
    let bytes: [UInt8]

    /// - Parameter bytes: 4 or 16.
    init(_ bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// Nil for an address of another family.
    private init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self.init(
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                    withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
                }
            )
        case AF_INET6:
            self.init(
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
                }
            )
        default:
            return nil
        }
    }

    /// Whether every machine calls itself by it: 127.0.0.0/8 and ::1.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// The addresses of a host name, or of an address written as text; none if it cannot be resolved. Blocks while name
    /// servers are asked.
    static func all(of host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            entry?.pointee.ai_addr.flatMap { NetworkAddress($0) }
        }
    }

    /// The addresses of this machine's interfaces; none if the system does not tell.
    static func own() -> Set<NetworkAddress> {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        return Set(
            sequence(first: list) { $0?.pointee.ifa_next }.prefix { $0 != nil }.compactMap { entry in
                entry?.pointee.ifa_addr.flatMap { NetworkAddress($0) }
            }
        )
    }
}
