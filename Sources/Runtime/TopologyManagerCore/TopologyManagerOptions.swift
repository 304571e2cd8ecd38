/// Which topology a manager serves and where it listens: heron-tmanager's command line.
public struct TopologyManagerOptions: Sendable {
    public var topologyName: String
    public var topologyID: String
    /// The name under which others reach this machine.
    public var host: String
    /// For stream managers and metrics managers. As for the others, 0 means any free port.
    public var serverPort: Int
    public var controllerPort: Int
    public var statsPort: Int

    public init(
        topologyName: String,
        topologyID: String,
        host: String,
        serverPort: Int,
        controllerPort: Int,
        statsPort: Int
    ) {
        self.topologyName = topologyName
        self.topologyID = topologyID
        self.host = host
        self.serverPort = serverPort
        self.controllerPort = controllerPort
        self.statsPort = statsPort
    }
}

/// Why a topology manager cannot start or go on; one line that says what to do.
public struct TopologyManagerError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
