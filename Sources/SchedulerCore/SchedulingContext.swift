import ExecutorCommand
import HeronConfig
import HeronModel
import HeronState
import Logging
import PluginHost

/// Everything that a scheduler of one topology works with, read from its working directory and the state.
public struct SchedulingContext: Sendable {
    /// What must be known to find the rest.
    public struct Origin: Sendable {
        public var place: ClusterRoleEnviron
        public var topology: String
        /// The topology's file in the working directory.
        public var topologyFile: String
        public var heronHome: String
        /// The directory that the launcher prepared, with `heron-conf` and `heron-core`; absolute.
        public var workingDirectory: String
        public var properties: [ConfigProperty]
        /// What to use instead of the working directory's configuration; nil for that one.
        public var configuration: ConfigLayers?

        public init(
            place: ClusterRoleEnviron,
            topology: String,
            topologyFile: String,
            heronHome: String,
            workingDirectory: String,
            properties: [ConfigProperty] = [],
            configuration: ConfigLayers? = nil
        ) {
            self.place = place
            self.topology = topology
            self.topologyFile = topologyFile
            self.heronHome = heronHome
            self.workingDirectory = workingDirectory
            self.properties = properties
            self.configuration = configuration
        }
    }

    /// The configuration as the containers see it.
    public let config: Config
    public let state: any StateManager
    /// The topology as the state has it, without the serialized objects of its components.
    public let topology: Topology
    public let packingPlan: PackingPlan
    public let facts: RuntimeFacts
    let log: Logger
    private let layers: ConfigLayers
    /// Made once for all containers. A configuration from which none can be made has to be no obstacle to a kill.
    private let executor: Result<ExecutorCommand, any Error>

    /// Reads the configuration in the working directory, and opens the state that it names unless one is given.
    ///
    /// Throws ``SchedulingError`` if the topology is not in the state, and what reading either throws.
    public static func open(
        _ origin: Origin,
        catalog: PluginCatalog,
        state given: (any StateManager)? = nil,
        log: Logger
    ) async throws -> SchedulingContext {
        let layers = try load(origin, catalog, isVerbose: log.logLevel <= .debug)
        for warning in layers.warnings { log.warning("\(warning)") }
        let config: Config = try layers.cluster()
        let state: any StateManager
        if let given {
            state = given
        } else {
            state = try await openState(config, workingDirectory: origin.workingDirectory, log: log)
        }
        guard let topology: Topology = try await state.topology(origin.topology) else {
            throw SchedulingError("topology '\(origin.topology)' is not in the state at \(state.location)")
        }
        guard let plan: PackingPlan = try await state.packingPlan(origin.topology) else {
            throw SchedulingError("topology '\(origin.topology)' has no packing plan in the state at \(state.location)")
        }
        let file: String = origin.topologyFile
        return SchedulingContext(
            config: config,
            state: state,
            topology: topology,
            packingPlan: plan,
            facts: try await facts(origin, config, topology, state),
            log: log,
            layers: layers,
            executor: Result { try ExecutorCommand(config: config, topology: topology, plan: plan, binaryFile: file) }
        )
    }

    /// The class that `heron.class.scheduler` names. Throws `ConfigError` if there is none.
    var schedulerClass: String {
        get throws { try config.string(.schedulerClass) }
    }

    /// The command line of a container's executor.
    func executorCommand(container: Int32, ports: ContainerPorts) throws -> [String] {
        let command: ExecutorCommand = try executor.get()
        let ports = try ExecutorPorts(ports.values.map(Int.init))
        return [command.executable] + command.arguments(container: Int(container), ports: ports)
    }

    /// Replaces tokens in a text as in a value of the cluster's files.
    func expanding(_ text: String) throws -> String {
        let key = Config.Key<String>("heron.plugin.default")
        var copy: ConfigLayers = layers
        copy.set(key, .string(text), .builtIn)
        return try copy.cluster().string(key)
    }

    /// From now on, whoever schedules this topology re-adopts what runs instead of starting it.
    func markScheduled() async throws {
        do {
            try await state.create(try StatePath(own: topology.name, scheduledNode), [], .persistent)
        } catch let error as StateError where error.code == .nodeExists {
            return
        }
    }

    /// Whether somebody has begun to schedule a topology, so that containers may run.
    public static func hasBegun(_ topology: String, _ state: any StateManager) async throws -> Bool {
        try await state.get(try StatePath(own: topology, scheduledNode)) != nil
    }

    private static func load(_ origin: Origin, _ catalog: PluginCatalog, isVerbose: Bool) throws -> ConfigLayers {
        let source = ClusterSource(
            workingDirectory: origin.workingDirectory,
            properties: origin.properties,
            command: CommandKeys(place: origin.place, isVerbose: isVerbose)
        )
        let loader = ConfigLoader(environment: try .current(), knownKeys: catalog.knownKeys)
        var layers: ConfigLayers = try origin.configuration ?? loader.cluster(source)
        layers.set(Config.Key<String>.topologyName, .string(origin.topology), .topology)
        layers.set(Config.Key<String>.topologyBinaryFile, .string(origin.topologyFile), .topology)
        let type = try PackageType(topologyFile: origin.topologyFile)
        layers.set(Config.Key<String>.topologyPackageType, .string(type.rawValue), .topology)
        return layers
    }

    private static func facts(
        _ origin: Origin,
        _ config: Config,
        _ topology: Topology,
        _ state: any StateManager
    ) async throws -> RuntimeFacts {
        let usesURI: Bool = try config.bool(.usesCorePackageURI)
        // In a container's view of the configuration, the distribution lies elsewhere.
        let coreURI: String? = try await ServiceRecord.load(topology.name, from: state)?.corePackageURI
        return RuntimeFacts(
            topologyName: topology.name,
            topologyID: topology.id,
            cluster: origin.place.cluster,
            role: origin.place.role,
            environ: origin.place.environ,
            submitUser: try await state.executionState(topology.name)?.submissionUser ?? "",
            topologyPackageURI: try config.find(.topologyPackageURI) ?? "",
            topologyFile: origin.topologyFile,
            definitionFile: "\(topology.name).defn",
            corePackageURI: usesURI ? try coreURI ?? config.find(.corePackageURI) ?? "" : "",
            corePackageDirectory: usesURI ? "" : try config.find(.corePackageDirectory) ?? "",
            workingDirectory: origin.workingDirectory,
            heronHome: origin.heronHome,
            resumed: try await hasBegun(topology.name, state)
        )
    }
}

/// The node that stands once a topology was handed to its scheduler.
private let scheduledNode = "scheduled"
