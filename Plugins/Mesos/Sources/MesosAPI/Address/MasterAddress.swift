import ZooKeeperClient

/// Where Mesos's masters are: `host[:port][,host[:port]…]`, the same after `http://` or `https://`, or
/// `zk://[user:password@]host[:port][,host[:port]…]/path`, the path under which masters register.
///
/// IPv6 addresses are written in brackets. The description does not give a password away.
public struct MasterAddress: Sendable, Hashable, CustomStringConvertible {
    enum Form: Sendable, Hashable {
        /// At least one; those that do not lead know who does.
        case fixed([MesosEndpoint])
        case zooKeeper(ZooKeeperPlace)
    }

    let form: Form

    private static let maximumLength = 8192

    /// Reads an address; white space around it and around its commas is ignored.
    public init(parsing text: String) throws(MasterAddressError) {
        let text = trimmed(text[...])
        guard !text.isEmpty else { throw MasterAddressError("it is empty") }
        guard text.utf8.count <= Self.maximumLength else {
            throw MasterAddressError("it is longer than \(Self.maximumLength) bytes")
        }
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("zk://") {
            form = .zooKeeper(try ZooKeeperPlace(parsing: text.dropFirst(5)))
        } else if lowercased.hasPrefix("http://") {
            form = .fixed(try Self.endpoints(text.dropFirst(7), .http))
        } else if lowercased.hasPrefix("https://") {
            form = .fixed(try Self.endpoints(text.dropFirst(8), .https))
        } else if text.contains("://") {
            throw MasterAddressError("only http://, https:// and zk:// are known")
        } else {
            form = .fixed(try Self.endpoints(text, .http))
        }
    }

    public var description: String {
        switch form {
        case .fixed(let endpoints):
            endpoints[0].scheme.rawValue + "://" + endpoints.map(\.place).joined(separator: ",")
        case .zooKeeper(let place):
            place.description
        }
    }

    private static func endpoints(
        _ text: Substring,
        _ scheme: MesosEndpoint.Scheme
    ) throws(MasterAddressError) -> [MesosEndpoint] {
        let list = text.hasSuffix("/") ? text.dropLast() : text
        // Before anything is quoted that may hold a password.
        guard !list.contains("@") else {
            throw MasterAddressError("credentials do not belong into it; they have settings of their own")
        }
        guard !list.contains("://") else { throw MasterAddressError("the scheme is written once, at its beginning") }
        guard !list.contains("/") else { throw MasterAddressError("only zk:// addresses have a path") }
        var endpoints: [MesosEndpoint] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let endpoint = try MesosEndpoint(parsing: trimmed(part), scheme: scheme)
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
    }
}

/// The node of a ZooKeeper ensemble under which masters register.
struct ZooKeeperPlace: Sendable, Hashable, CustomStringConvertible {
    let connection: ZooKeeperConnection
    let credentials: ZooKeeperCredentials?
    /// With a leading and without a trailing slash.
    let path: String

    var description: String { "zk://\(connection)\(path)" }

    /// Reads what follows `zk://`. The path begins at the first slash, the servers after the last `@` before it: so do
    /// Mesos's own tools.
    init(parsing text: Substring) throws(MasterAddressError) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        // A password cut by its slash must not be quoted below.
        guard !text[slash...].contains("@") else {
            throw MasterAddressError("there is an '@' after the first '/': a password in it cannot hold a '/'")
        }
        let at = text[..<slash].lastIndex(of: "@")
        credentials = try at.map { end throws(MasterAddressError) in try Self.credentials(text[..<end]) }
        let servers = at.map { text[text.index(after: $0)..<slash] } ?? text[..<slash]
        do throws(ZooKeeperConnection.ParseError) {
            // The library reads a path the same way, without the last slash.
            let path = text[slash...]
            let parsed = try ZooKeeperConnection(
                parsing: String(servers) + (path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path)
            )
            self.path = parsed.chroot
            connection = try ZooKeeperConnection(parsing: String(servers))
        } catch {
            throw MasterAddressError("\(error)")
        }
        guard !path.isEmpty else {
            throw MasterAddressError("it names no path, as in zk://host:2181/mesos")
        }
    }

    private static func credentials(_ text: Substring) throws(MasterAddressError) -> ZooKeeperCredentials {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw MasterAddressError("what stands before its '@' is not user:password")
        }
        return ZooKeeperCredentials(user: String(parts[0]), password: String(parts[1]))
    }
}

/// Why an address of masters cannot be used: half a line that says what is wrong with it, without any secret.
public struct MasterAddressError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
