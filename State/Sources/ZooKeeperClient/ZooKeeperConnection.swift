/// Where a ZooKeeper ensemble listens, and the node that stands for its root: `host[:port][,host[:port]…][/chroot]`.
public struct ZooKeeperConnection: Sendable, Hashable, CustomStringConvertible {
    /// One server of the ensemble.
    public struct Server: Sendable, Hashable, CustomStringConvertible {
        /// A host name, or an IPv4 or IPv6 address without brackets.
        public let host: String
        public let port: UInt16

        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Why a connection string cannot be used; one line that begins with what is wrong in it.
    public struct ParseError: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// At least one.
    public let servers: [Server]
    /// Empty, or a path with a leading and without a trailing slash.
    public let chroot: String

    public var description: String { servers.map(\.description).joined(separator: ",") + chroot }

    /// ZooKeeper's port for clients.
    public static let defaultPort: UInt16 = 2181

    private static let maximumLength = 8192

    /// Reads a connection string. A server without a port gets ``defaultPort``; white space around servers is ignored.
    public init(parsing text: String) throws(ParseError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw ParseError(description: "longer than \(Self.maximumLength) bytes")
        }
        let chrootStart = text.firstIndex(of: "/") ?? text.endIndex
        chroot = try Self.chroot(text[chrootStart...])
        var servers: [Server] = []
        for part in text[..<chrootStart].split(separator: ",", omittingEmptySubsequences: false) {
            let server = try Self.server(part.trimmed)
            if !servers.contains(server) { servers.append(server) }
        }
        self.servers = servers
    }

    private static func chroot(_ text: Substring) throws(ParseError) -> String {
        let parts = text.trimmed.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard !parts.isEmpty, parts != [""] else { return "" }
        for part in parts where part.isEmpty || part == "." || part == ".." || part.utf8.contains(where: { $0 < 0x20 })
        {
            throw ParseError(description: "'\(text)' is not the path of a node")
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func server(_ text: Substring) throws(ParseError) -> Server {
        guard !text.isEmpty else { throw ParseError(description: "names no server between two commas, or none at all") }
        let (host, port) = try split(text)
        let isClean = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }
        guard !host.isEmpty, isClean else { throw ParseError(description: "'\(text)' is not a host[:port]") }
        guard let port else { return Server(host: String(host), port: defaultPort) }
        guard let number = UInt16(port), number > 0, port.first != "+" else {
            throw ParseError(description: "'\(text)' has no port from 1 to 65535")
        }
        return Server(host: String(host), port: number)
    }

    private static func split(_ text: Substring) throws(ParseError) -> (host: Substring, port: Substring?) {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw ParseError(description: "'\(text)' has no ']'") }
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else {
                throw ParseError(description: "'\(text)' is not a host[:port]")
            }
            return (text[text.index(after: text.startIndex)..<end], rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.dropFirst(parts[0].count + 1).contains(":") else {
            throw ParseError(description: "'\(text)': an IPv6 address is written in brackets, [address]:port")
        }
        return (parts[0], parts.count > 1 ? parts[1] : nil)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        var text = drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
}
