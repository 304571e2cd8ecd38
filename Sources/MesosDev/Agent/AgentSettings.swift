import PackageFiles

/// What an agent is told once.
public struct AgentSettings: Sendable {
    /// An absolute path: where sandboxes are; created if it is missing.
    public var workDirectory: String
    /// The IPv4 address that it listens on, which tasks are told and that their updates name.
    public var address: String
    /// The port that it listens on.
    public var port = 5051
    /// For how long a task may go on after SIGTERM if neither the kill nor the task says anything else.
    public var killGrace = Duration.seconds(3)
    /// The pause before an update that was not acknowledged is sent again; doubled each time, up to the longest.
    public var updateRetry = Duration.seconds(10)
    public var longestUpdateRetry = Duration.seconds(600)
    /// Whether tasks run as the user that they name, if this process is root; else they run as this process does.
    public var switchesUser = true
    /// For how long a server may send nothing before a download is given up.
    public var fetchStallLimit = Duration.seconds(60)
    /// The most bytes of one file that is fetched.
    public var fetchLimit: Int64 = 16 << 30
    /// How much one archive may unpack to.
    public var unpackLimits = UnpackLimits()

    public init(workDirectory: String, address: String) {
        self.workDirectory = workDirectory
        self.address = address
    }

    /// What Mesos calls the agent's pid.
    var processName: String { "slave(1)@\(endpoint)" }
    var endpoint: String { "\(address):\(port)" }

    /// Where an agent keeps everything of its own.
    func folder(ofAgent id: String) -> String { "\(workDirectory)/slaves/\(id)" }
}
