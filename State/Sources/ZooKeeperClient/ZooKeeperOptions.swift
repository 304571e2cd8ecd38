/// How to connect to ZooKeeper.
public struct ZooKeeperOptions: Sendable, Hashable {
    public var connection: ZooKeeperConnection
    public var credentials: ZooKeeperCredentials?
    /// After how long without a word from this client the servers take it for dead; they have bounds of their own.
    public var sessionTimeout = Duration.seconds(30)
    /// How long ``ZooKeeperClient/open(_:log:)`` waits for the first connection.
    public var connectionTimeout = Duration.seconds(30)
    /// How often a call is tried again after the connection broke under it, within its deadline.
    public var retryCount = 10
    /// The pause before another attempt when host names do not resolve or no session can be started.
    public var retryInterval = Duration.seconds(10)

    public init(connection: ZooKeeperConnection, credentials: ZooKeeperCredentials? = nil) {
        self.connection = connection
        self.credentials = credentials
    }
}

/// What happens to a client's session.
public enum ZooKeeperSessionEvent: Sendable, Hashable {
    /// The session stands; told once it does for the first time, and after every lost connection.
    case connected
    case disconnected
    /// The session is over, or has to be taken for it: no server has answered for its whole timeout.
    case expired
    /// A new session stands, and the ephemeral nodes have been created again.
    case renewed
    /// An ephemeral node was not created again: another session has it, or its parent is gone.
    case ephemeralLost(String)
}
