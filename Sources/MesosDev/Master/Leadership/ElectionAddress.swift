import ZooKeeperClient

/// `zk://[user:password@]host:port[,host:port…]/path`, as Mesos reads it.
public struct ElectionAddress: Sendable {
    /// What is wrong with an address; does not repeat the address, which may have a password.
    public struct FormatError: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The servers, without a chroot.
    let connection: ZooKeeperConnection
    let credentials: ZooKeeperCredentials?
    /// The path of the masters' nodes, with a leading slash and none behind.
    let path: String

    /// The path begins at the first slash, the credentials end at the last `@` before it.
    public init(parsing text: String) throws(FormatError) {
        let scheme = "zk://"
        guard text.hasPrefix(scheme) else {
            throw FormatError(description: "does not begin with zk://")
        }
        let rest = text.dropFirst(scheme.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        var path = rest[slash...]
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.isEmpty else { throw FormatError(description: "names no path, as in zk://localhost:2181/mesos") }
        guard !path.contains("//") else { throw FormatError(description: "has two slashes after another in its path") }
        self.path = String(path)
        if let at = authority.lastIndex(of: "@") {
            let pair = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { throw FormatError(description: "has no user:password before its @") }
            credentials = ZooKeeperCredentials(user: String(pair[0]), password: String(pair[1]))
            authority = authority[authority.index(after: at)...]
        } else {
            credentials = nil
        }
        do throws(ZooKeeperConnection.ParseError) {
            connection = try ZooKeeperConnection(parsing: String(authority))
        } catch {
            throw FormatError(description: "\(error)")
        }
    }
}
