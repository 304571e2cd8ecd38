import Glibc

/// Where one Mesos master listens.
public struct MesosEndpoint: Sendable, Hashable, CustomStringConvertible {
    public enum Scheme: String, Sendable, Hashable {
        case http, https
    }

    /// What masters listen on unless told otherwise, with and without TLS.
    public static let defaultPort: UInt16 = 5050

    public let scheme: Scheme
    /// A host name, or an IPv4 or IPv6 address without brackets.
    public let host: String
    public let port: UInt16

    public init(scheme: Scheme, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Host and port, for messages.
    var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// `http://host:port`, without a slash at the end.
    public var url: String { "\(scheme.rawValue)://\(place)" }

    public var description: String { url }
}

extension MesosEndpoint {
    /// Reads `http://host:port` or `https://host:port`, and looks at nothing behind that.
    init(url: String) throws(MasterAddressError) {
        guard let (found, rest) = Self.splitURL(url), let scheme = found else {
            throw MasterAddressError("it is no http(s) URL")
        }
        try self.init(
            parsing: rest.prefix { !"/?#".contains($0) },
            scheme: scheme,
            defaultPort: scheme == .http ? 80 : 443
        )
    }

    /// Reads `host`, `host:port`, `[address]` or `[address]:port`.
    init(
        parsing text: Substring,
        scheme: Scheme,
        defaultPort: UInt16 = MesosEndpoint.defaultPort
    ) throws(MasterAddressError) {
        guard !text.isEmpty else { throw MasterAddressError("it names no host between two commas, or none at all") }
        guard !text.contains("@") else {
            throw MasterAddressError("credentials do not belong into it; they have settings of their own")
        }
        let (host, port) = try Self.split(text)
        guard Self.isHost(host, isBracketed: text.first == "[") else {
            throw MasterAddressError("'\(text)' is no host[:port]")
        }
        self.init(scheme: scheme, host: String(host), port: defaultPort)
        guard let port else { return }
        guard let number = UInt16(port), number > 0, port.first != "+" else {
            throw MasterAddressError("'\(text)' has no port from 1 to 65535")
        }
        self.init(scheme: scheme, host: String(host), port: number)
    }

    private static func split(_ text: Substring) throws(MasterAddressError) -> (host: Substring, port: Substring?) {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw MasterAddressError("'\(text)' has no ']'") }
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw MasterAddressError("'\(text)' is no host[:port]") }
            return (text[text.index(after: text.startIndex)..<end], rest.isEmpty ? nil : rest.dropFirst())
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        let port = text[text.index(after: colon)...]
        guard !port.contains(":") else {
            throw MasterAddressError("'\(text)': an IPv6 address is written in brackets, [address]:port")
        }
        return (text[..<colon], port)
    }

    private static func isHost(_ text: Substring, isBracketed: Bool) -> Bool {
        guard isBracketed else {
            return !text.isEmpty && text.utf8.count <= 255
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
                    default: false
                    }
                }
        }
        var address = in6_addr()
        return inet_pton(AF_INET6, String(text), &address) == 1
    }
}

/// Redirects.
extension MesosEndpoint {
    /// Where a master that does not lead sends its clients: `//host:port/path` in its own scheme, or a whole URL.
    ///
    /// Only host and port count: what is asked for is the same there.
    ///
    /// - Throws: ``MasterAddressError`` if it says no such place, or one without the TLS that is asked for here.
    func redirected(to location: String) throws(MasterAddressError) -> MesosEndpoint {
        guard let (scheme, rest) = Self.splitURL(location) else {
            throw MasterAddressError("it redirects to '\(oneLine(location))', which is no address of a master")
        }
        let target = scheme ?? self.scheme
        guard self.scheme == .http || target == .https else {
            throw MasterAddressError("it redirects to '\(oneLine(location))', where there is no TLS")
        }
        // A whole URL without a port means that of its scheme.
        let defaultPort: UInt16 = scheme == nil ? MesosEndpoint.defaultPort : scheme == .http ? 80 : 443
        do {
            return try MesosEndpoint(
                parsing: rest.prefix { !"/?#".contains($0) },
                scheme: target,
                defaultPort: defaultPort
            )
        } catch {
            throw MasterAddressError("it redirects to '\(oneLine(location))', which is no address of a master")
        }
    }

    /// The scheme, nil if there is none before the `//`, and what follows the `//`.
    private static func splitURL(_ text: String) -> (scheme: Scheme?, rest: Substring)? {
        if text.hasPrefix("//") { return (nil, text.dropFirst(2)) }
        let lowercased = text.lowercased()
        for scheme in [Scheme.http, .https] where lowercased.hasPrefix(scheme.rawValue + "://") {
            return (scheme, text.dropFirst(scheme.rawValue.count + 3))
        }
        return nil
    }
}
