import ArgumentParser

/// The options of `heron-executor`, as Heron 0.20.5's schedulers give them; all required but three.
public struct ExecutorOptions: ParsableArguments, Sendable {
    @Option(help: "The topology's name.") public var topologyName: String
    @Option(help: "The topology's id.") public var topologyId: String
    @Option(help: "The file with the topology's definition.") public var topologyDefnFile: String
    @Option(help: "ZooKeeper's host:port list; LOCALMODE for local files.") public var stateManagerConnection: String
    @Option(help: "The state's root, for the topology and stream managers.") public var stateManagerRoot: String
    @Option(help: "statemgr.yaml.") public var stateManagerConfigFile: String
    @Option(help: "The topology manager.") public var tmanagerBinary: String
    @Option(help: "The stream manager.") public var stmgrBinary: String
    @Option(help: "The metrics manager's class path.") public var metricsManagerClasspath: String
    @Option(help: "The JVM options of all instances, encoded.") public var instanceJvmOpts: String
    @Option(help: "The topology's class path.") public var classpath: String
    @Option(help: "heron_internals.yaml.") public var heronInternalsConfigFile: String
    @Option(help: "A file whose values override those of the configuration files.") public var overrideConfigFile:
        String
    @Option(help: "component:bytes,… of RAM for each instance.", transform: parseComponentRAM)
    public var componentRamMap: [String: Int64]
    @Option(help: "The JVM options of single components, encoded.") public var componentJvmOpts: String
    @Option(help: "What the topology's file is: jar, tar, pex, so or dylib.") public var pkgType: TopologyPackage
    @Option(help: "The topology's file.") public var topologyBinaryFile: String
    @Option(help: "The folder of the Java installation.") public var heronJavaHome: String
    @Flag(help: "Let JVMs log their garbage collections.") public var verboseGc = false
    @Option(help: "The container's HTTP server.") public var heronShellBinary: String
    @Option(help: "The cluster's name.") public var cluster: String
    @Option(help: "The role that the topology runs as.") public var role: String
    @Option(help: "The topology's environ.") public var environment: String
    @Option(help: "The class path of Java instances.") public var instanceClasspath: String
    @Option(help: "metrics_sinks.yaml.") public var metricsSinksConfigFile: String
    @Option(help: "The class path of scheduler, packing and state.") public var schedulerClasspath: String
    @Option(help: "The program that runs Python instances.") public var pythonInstanceBinary: String
    @Option(help: "The program that runs C++ instances.") public var cppInstanceBinary: String
    @Option(help: "The metrics cache's class path.") public var metricscacheManagerClasspath: String
    @Option(help: "disabled, local or cluster.") public var metricscacheManagerMode = "disabled"
    @Option(help: "Whether the topology is effectively-once.", transform: parseBool) public var isStateful: Bool
    @Option(help: "The checkpoint manager's class path.") public var checkpointManagerClasspath: String
    @Option(help: "stateful.yaml.") public var statefulConfigFile: String
    @Option(help: "The checkpoint manager's RAM in bytes.") public var checkpointManagerRam: Int64
    @Option(help: "disabled, local or cluster.") public var healthManagerMode: String
    @Option(help: "The health manager's class path.") public var healthManagerClasspath: String
    @Option(help: "The container's id; 0 is the one with the topology manager.") public var shard: Int32
    @Option(help: "The topology manager's, or stream manager's, port.") public var serverPort: UInt16
    @Option(help: "The topology manager's port for commands, or the stream manager's for instances.")
    public var tmanagerControllerPort: UInt16
    @Option(help: "The topology manager's port for statistics.") public var tmanagerStatsPort: UInt16
    @Option(help: "The port of the container's HTTP server.") public var shellPort: UInt16
    @Option(help: "The metrics manager's port.") public var metricsManagerPort: UInt16
    @Option(help: "The scheduler's port.") public var schedulerPort: UInt16
    @Option(help: "The metrics cache's port.") public var metricscacheManagerServerPort: UInt16
    @Option(help: "The metrics cache's port for queries.") public var metricscacheManagerStatsPort: UInt16
    @Option(help: "The checkpoint manager's port.") public var checkpointManagerPort: UInt16
    @Option(help: "Ports for debuggers of Java instances, separated by commas.", transform: parsePorts)
    public var jvmRemoteDebuggerPorts: [UInt16] = []

    public init() {}

    /// A command line for the parser, which takes `--role=` for an option without a value; in Heron the value is empty.
    public static func separatingEmptyValues(_ arguments: [String]) -> [String] {
        arguments.flatMap { argument in
            let isEmpty = argument.hasPrefix("--") && argument.firstIndex(of: "=") == argument.indices.last
            return isEmpty ? [String(argument.dropLast()), ""] : [argument]
        }
    }

    public func validate() throws {
        guard shard >= 0 else { throw ValidationError("--shard \(shard) is not a container's id (0 or more)") }
    }
}

/// What a topology's file is, as the packers name it.
public enum TopologyPackage: String, ExpressibleByArgument, Sendable, CaseIterable {
    case jar, tar, pex, so, dylib
}

@Sendable private func parseComponentRAM(_ text: String) throws -> [String: Int64] {
    var result: [String: Int64] = [:]
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
        // A component's name may hold a colon, a number cannot.
        guard let colon = entry.lastIndex(of: ":"), colon != entry.startIndex,
            let bytes = Int64(entry[entry.index(after: colon)...]), bytes >= 0
        else { throw ValidationError("'\(entry)' is not of the form component:bytes") }
        result[String(entry[..<colon])] = bytes
    }
    return result
}

@Sendable private func parseBool(_ text: String) throws -> Bool {
    guard let value = Bool(text.lowercased()) else { throw ValidationError("'\(text)' is neither true nor false") }
    return value
}

@Sendable private func parsePorts(_ text: String) throws -> [UInt16] {
    try text.split(separator: ",").map {
        guard let port = UInt16($0) else { throw ValidationError("'\($0)' is not a port (0 to 65535)") }
        return port
    }
}
