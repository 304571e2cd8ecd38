import HeronConfig
import HeronModel
import HeronState
import Logging
import PluginHost

/// A topology's scheduler inside the command's own process: for `heron.scheduler.is.service: false`, and where a
/// command takes the place of a service that is dead.
public struct InProcessScheduler: Sendable {
    private let cluster: String
    private let topology: String
    private let record: ServiceRecord
    private let heronHome: String
    private let state: any StateManager
    private let log: Logger
    private let configuration: ConfigLayers?

    /// What Heron writes as the location of a scheduler that has no service.
    public static let endpoint = "scheduler_as_lib_no_endpoint"

    /// - Parameter configuration: what to use instead of the configuration in the working directory.
    public init(
        cluster: String,
        topology: String,
        record: ServiceRecord,
        heronHome: String,
        state: any StateManager,
        log: Logger,
        configuration: ConfigLayers? = nil
    ) {
        self.cluster = cluster
        self.topology = topology
        self.record = record
        self.heronHome = heronHome
        self.state = state
        self.log = log
        self.configuration = configuration
    }

    /// Hands the packing plan to the plugin and registers a scheduler without a service.
    public func schedule() async throws {
        try await use { session in
            try await session.schedule()
            var location = SchedulerLocation()
            location.topologyName = topology
            location.httpEndpoint = InProcessScheduler.endpoint
            location.jobPageLink = session.jobLinks
            try await state.create(try StatePath(.schedulers, topology), try location.serializedBytes(), .persistent)
        }
    }

    /// Ends the topology's containers.
    public func kill() async throws {
        try await use { try await $0.kill() }
    }

    /// Restarts one container, or all with -1.
    public func restart(container: Int32) async throws {
        try await use { session in
            try await session.schedule()
            try await session.restart(container: container)
        }
    }

    /// Calls an operation of the plugin.
    public func operate(_ request: OperationRequest) async throws -> OperationResult {
        try await use { session in
            try await session.schedule()
            return try await session.operate(request)
        }
    }

    /// Works with an initialized session that is closed behind; no other scheduler of the topology lives meanwhile.
    private func use<Value: Sendable>(_ body: (SchedulerSession) async throws -> Value) async throws -> Value {
        let liveness = try await LiveServiceGuard.take(topology, state)
        let value: Value
        do {
            let catalog: PluginCatalog = .scan(.standard(heronHome: heronHome))
            let context = try await SchedulingContext.open(origin(), catalog: catalog, state: state, log: log)
            let session = try await SchedulerSession(context, catalog: catalog)
            do {
                try await session.initialize()
                value = try await body(session)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        } catch {
            await liveness.release()
            throw error
        }
        await liveness.release()
        return value
    }

    private func origin() throws -> SchedulingContext.Origin {
        SchedulingContext.Origin(
            place: ClusterRoleEnviron(cluster: cluster, role: record.role, environ: record.environ),
            topology: topology,
            topologyFile: record.topologyFile,
            heronHome: heronHome,
            workingDirectory: record.workingDirectory,
            properties: [ConfigProperty(key: Config.Key.topologyPackageURI.name, value: .string(record.packageURI))],
            configuration: configuration
        )
    }
}
