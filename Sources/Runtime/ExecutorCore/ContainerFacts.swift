/// What the commands of a container depend on besides the options and the packing plan; found out once, at the start.
public struct ContainerFacts: Sendable, Hashable {
    /// The name under which others reach this machine.
    public var host: String
    /// Where processes log, relative to the working directory.
    public var logDirectory: String
    /// The working directory, absolute.
    public var workingDirectory: String
    /// The daemons whose class path holds something to run.
    public var daemons: Set<Daemon>
    /// Variables for the topology and stream managers.
    public var managerEnvironment: [String: String]
    /// The folder of the Java installation; empty where nothing needs one.
    public var javaHome: String
    /// The version of Java, as 8 or 17; used for Java topologies only.
    public var javaVersion: Int

    public init(
        host: String,
        logDirectory: String,
        workingDirectory: String,
        daemons: Set<Daemon>,
        managerEnvironment: [String: String] = [:],
        javaHome: String = "",
        javaVersion: Int = 8
    ) {
        self.host = host
        self.logDirectory = logDirectory
        self.workingDirectory = workingDirectory
        self.daemons = daemons
        self.managerEnvironment = managerEnvironment
        self.javaHome = javaHome
        self.javaVersion = javaVersion
    }
}

/// The parts of Heron that only exist in Java. A core package without them runs topologies all the same.
public enum Daemon: String, Sendable, Hashable, CaseIterable {
    case metricsManager = "metrics manager"
    case metricsCache = "metrics cache"
    case healthManager = "health manager"
    case checkpointManager = "checkpoint manager"

    /// Whether a container asks for it.
    public func isWanted(_ options: ExecutorOptions) -> Bool {
        switch self {
        case .metricsManager: true
        case .metricsCache: options.shard == 0 && options.metricscacheManagerMode.lowercased() != "disabled"
        case .healthManager: options.shard == 0 && options.healthManagerMode.lowercased() != "disabled"
        case .checkpointManager: options.isStateful
        }
    }

    /// Where its classes are.
    public func classpath(_ options: ExecutorOptions) -> String {
        switch self {
        case .metricsManager: options.metricsManagerClasspath
        case .metricsCache: options.metricscacheManagerClasspath
        case .healthManager: options.healthManagerClasspath
        case .checkpointManager: options.checkpointManagerClasspath
        }
    }
}
