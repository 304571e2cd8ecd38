import MesosProtocol

/// What an agent is told once.
public struct AgentSettings: Sendable {
    /// Where sandboxes are; created if it is missing.
    public var workDirectory: String
    /// The address that it, and nothing but it, has.
    public var address: String
    /// For how long a task may go on after SIGTERM if neither the kill nor the task says anything else.
    public var killGrace = Duration.seconds(3)
    /// The pause before an update that was not acknowledged is sent again; doubled up to ten minutes.
    public var updateRetry = Duration.seconds(10)
    /// Whether tasks run as the user that they name, if this process is root; else they run as this process does.
    public var switchesUser = true

    static let longestRetry = Duration.seconds(600)

    public init(workDirectory: String, address: String) {
        self.workDirectory = workDirectory
        self.address = address
    }
}
