/// A user and a password for ZooKeeper's `digest` scheme. Its description does not give the password away.
public struct ZooKeeperCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The user's name, without a colon.
    public let user: String
    let password: String

    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// What ZooKeeper takes for the scheme. Not for logs.
    package var digestBytes: [UInt8] { Array("\(user):\(password)".utf8) }

    public var description: String { "\(user):(secret)" }
    public var debugDescription: String { description }
}

extension ZooKeeperCredentials: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}
