import Glibc

/// An IPv4 or IPv6 address, without a zone.
struct IPAddress: Sendable, Hashable {
    /// 4 or 16, in network order.
    private let bytes: [UInt8]

    /// Nil if the text is not an address.
    init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4, Array.init)
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = withUnsafeBytes(of: &v6, Array.init)
        } else {
            return nil
        }
    }

    /// Nil for an address of another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            var v4: in_addr = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: &v4, Array.init)
        case AF_INET6:
            var v6: in6_addr = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: &v6, Array.init)
        default:
            return nil
        }
    }

    var isIPv6: Bool { bytes.count == 16 }

    /// Whether it is 127.0.0.0/8, ::1 or a link's own, which no other machine can use.
    var isLocal: Bool {
        isIPv6
            ? bytes == [UInt8](repeating: 0, count: 15) + [1] || bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
            : bytes[0] == 127 || bytes[0] == 169 && bytes[1] == 254
    }

    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The addresses of a host name; empty if it has none. Blocks as long as the system's resolver does.
    static func resolve(_ name: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let entry = next?.pointee {
            next = entry.ai_next
            if let found = entry.ai_addr, let address = IPAddress(found) { addresses.append(address) }
        }
        return addresses
    }
}

/// This machine's network interfaces.
enum NetworkInterface {
    /// The addresses of interfaces that are up by which other machines may reach this one, IPv4 first, else in the
    /// system's order.
    static func reachableAddresses() -> [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: [IPAddress] = []
        var next: UnsafeMutablePointer<ifaddrs>? = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard entry.ifa_flags & UInt32(IFF_UP) != 0, let found = entry.ifa_addr else { continue }
            if let address = IPAddress(found), !address.isLocal { addresses.append(address) }
        }
        return addresses.filter { !$0.isIPv6 } + addresses.filter { $0.isIPv6 }
    }
}
