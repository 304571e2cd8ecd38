import Glibc
import HeronConfig
import HeronLogging
import Logging
import PluginHost
import Processes
import SchedulerCore
import TopologyControl

/// What every command on a cluster does first.
struct ClusterCommand {
    let address: TopologyAddress
    let place: ClusterRoleEnviron
    let installation: Installation
    let directory: ClusterDirectory
    let environment: UserEnvironment
    let properties: [ConfigProperty]
    let verbose: Bool
    let log: Logger

    /// Reads the cluster argument and the options; nothing is opened yet.
    init(_ cluster: String, _ options: ClusterOptions) throws {
        try ServerMode.refuse(options.serviceURL)
        installation = try Installation.current()
        environment = try UserEnvironment.current()
        verbose = options.verbose
        log = try HostLog.start(verbose: options.verbose)
        address = try TopologyAddress(parsing: cluster)
        try ServerMode.refuse(
            ClientSettings(cluster: address.cluster, environment: environment),
            cluster: address.cluster
        )
        directory = try ClusterDirectory(cluster: address.cluster, in: options.configPath ?? installation.configPath)
        place = try address.resolved(
            loginName: environment.loginName,
            requirements: try directory.clientRequirements()
        )
        properties = try options.properties.map(ConfigProperty.init(parsing:))
    }

    /// The cluster's configuration, as far as no topology is concerned.
    func layers() throws -> ConfigLayers {
        let catalog: PluginCatalog = .scan(.standard(heronHome: installation.home))
        let source = ClientSource(
            home: installation.home,
            directory: directory.path,
            properties: properties,
            command: CommandKeys(place: place, submitUser: environment.loginName, isVerbose: verbose)
        )
        let layers: ConfigLayers =
            try ConfigLoader(environment: environment, knownKeys: catalog.knownKeys).client(source)
        layers.warnings.forEach(Console.warning)
        return layers
    }

    /// What an operation of a plugin may know of the cluster.
    func services() throws -> ClusterServices {
        try ClusterServices(
            try layers(),
            place: place,
            submitUser: environment.loginName,
            heronHome: installation.home,
            log: log
        )
    }

    /// Works with the cluster's state, which is closed behind.
    func withSession<Value>(_ body: (ClusterSession) async throws -> Value) async throws -> Value {
        let session: ClusterSession = try await .open(
            address,
            layers: try layers(),
            heronHome: installation.home,
            verbose: verbose,
            log: log
        )
        let value: Value
        do {
            value = try await body(session)
        } catch {
            await session.state.close()
            throw error
        }
        await session.state.close()
        return value
    }

    /// Works with a topology that exists on the cluster.
    func withTopology<Value>(
        _ name: String,
        _ body: (RunningTopology, ClusterSession) async throws -> Value
    ) async throws -> Value {
        try await withSession { session in
            try await body(try await RunningTopology.find(name, at: address, in: session.state), session)
        }
    }
}

/// The command's own log: what its parts have to say beside results and progress.
enum HostLog {
    static func start(verbose: Bool) throws -> Logger {
        try HeronLogging.bootstrap(level: verbose ? .debug : .warning)
        return Logger(label: "heron")
    }
}

/// Ctrl-C and SIGTERM end a command in good order: its task is cancelled, and undoes what it must.
enum Interruption {
    static func cancelling<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws
        -> Result
    {
        let signals: AsyncStream<Int32> = try Signals.stream(SIGINT, SIGTERM)
        let work = Task { try await body() }
        let watcher = Task {
            for await _ in signals { work.cancel() }
        }
        defer { watcher.cancel() }
        return try await work.value
    }
}
