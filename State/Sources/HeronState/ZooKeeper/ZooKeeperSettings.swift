import Glibc
import ZooKeeperClient

/// How to use ZooKeeper.
public struct ZooKeeperSettings: Sendable, Hashable {
    /// After how long without a word from this process ZooKeeper takes it for dead; the servers have bounds of their own.
    public var sessionTimeout = Duration.seconds(30)
    /// How long opening the state waits for a server.
    public var connectionTimeout = Duration.seconds(30)
    /// How often a call is tried again after the connection broke under it.
    public var retryCount = 10
    /// The pause before another attempt to find a server.
    public var retryInterval = Duration.seconds(10)
    /// Whether Heron would open a tunnel. There is none here: it only changes the advice where nothing can be reached.
    public var isTunnelWanted = false
    /// Where credentials may be; the first place that has some counts.
    public var credentialsSources: [CredentialsSource] = []
    /// Whether it is an error if no place has credentials: nodes that were to be protected would be open to everybody.
    public var requiresCredentials = false

    /// Heron's values, without credentials.
    public init() {}

    /// The credentials of the first source that has some; nil for none.
    ///
    /// - Parameter environment: looks up a variable.
    func credentials(environment: (String) -> String? = ownEnvironment) throws -> ZooKeeperCredentials? {
        for source in credentialsSources {
            if let credentials = try source.read(environment: environment) { return credentials }
        }
        guard requiresCredentials else { return nil }
        throw missingCredentials
    }

    private var missingCredentials: StateError {
        if credentialsSources.count == 1, case .workingDirectory(let directory) = credentialsSources[0] {
            return StateError(
                .badConfiguration,
                path: "",
                "the credentials for ZooKeeper are missing: there is no \(directory)/\(CredentialsSource.fileName)",
                hint: "the scheduler has to put it into every container"
            )
        }
        return StateError(
            key: .authScheme,
            "there are no credentials",
            hint: "set \(StateKey.authFile.rawValue), or \(CredentialsSource.variable)"
        )
    }
}

extension StateSettings {
    /// What ZooKeeper's client needs to know. Reads the credentials from where they are.
    ///
    /// - Parameter environment: looks up a variable.
    func zooKeeperOptions(environment: (String) -> String? = ownEnvironment) throws -> ZooKeeperOptions {
        var options = ZooKeeperOptions(
            connection: try zooKeeperConnection(),
            credentials: try zooKeeper.credentials(environment: environment)
        )
        options.sessionTimeout = zooKeeper.sessionTimeout
        options.connectionTimeout = zooKeeper.connectionTimeout
        options.retryCount = zooKeeper.retryCount
        options.retryInterval = zooKeeper.retryInterval
        return options
    }

    func zooKeeperConnection() throws -> ZooKeeperConnection {
        do {
            return try ZooKeeperConnection(parsing: connection)
        } catch {
            throw StateError(key: .connection, "\(error)", hint: "set it to host:port[,host:port][/chroot]")
        }
    }
}

/// Looks up a variable of this process.
func ownEnvironment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}
