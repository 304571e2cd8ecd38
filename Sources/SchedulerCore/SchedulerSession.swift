import HeronModel
import HeronState
import PluginHost
import Synchronization

/// A scheduler plugin at work for one topology, from its creation to its end.
///
/// Used by the scheduler service and, where `heron.scheduler.is.service` is false, by the command itself. Safe from any
/// task; the plugin is called on its own thread, one call at a time.
public final class SchedulerSession: Sendable {
    /// Why a session ended.
    public enum End: Sendable, Hashable {
        /// The topology was killed.
        case killed
        /// Only the scheduler was asked to stop; the topology goes on.
        case stopped
        /// The plugin cannot go on.
        case failed(String)
    }

    private enum Phase: String {
        case starting
        case running
        case ending
    }

    public let context: SchedulingContext
    private let services: SchedulerServices
    private let instance: SchedulerInstance
    private let phase = Mutex(Phase.starting)
    private let report: PluginReport
    /// Before it was initialized, and once it is closed, the plugin may not be asked.
    private let isAnswering = Mutex(false)
    private let ends: AsyncStream<End>
    private let ending: AsyncStream<End>.Continuation

    /// Loads the scheduler plugin that the configuration names and creates an instance of it.
    ///
    /// Throws `PluginError` where there is no usable plugin.
    ///
    /// - Parameter packages: what serves files for the plugin; nil where nothing does.
    public init(_ context: SchedulingContext, catalog: PluginCatalog, packages: PackageStore? = nil) async throws {
        let (ends, ending) = AsyncStream.makeStream(of: End.self, bufferingPolicy: .bufferingOldest(1))
        let services = SchedulerServices(context, packages: packages) { failed, reason in
            ending.yield(failed ? .failed(reason) : .stopped)
        }
        self.context = context
        self.ends = ends
        self.ending = ending
        self.services = services
        let className: String = try context.schedulerClass
        let instance = try await SchedulerInstance.create(
            manifest: try catalog.resolve(.scheduler, className: className),
            className: className,
            services: services
        )
        self.instance = instance
        report = PluginReport(
            links: { try await instance.jobLinks() },
            status: { try await instance.status() },
            log: context.log
        )
    }

    /// Lets the plugin read its configuration. The first call; enough for ``kill()``.
    public func initialize() async throws {
        try await instance.initialize()
        isAnswering.withLock { $0 = true }
    }

    /// Hands the packing plan to the plugin: it schedules at the first start of a topology, and re-adopts later.
    public func schedule() async throws {
        try await context.markScheduled()
        try await instance.onSchedule(try context.packingPlan.serializedBytes())
        phase.withLock { $0 = .running }
        _ = await report.refreshed()
    }

    /// Ends the topology: every container is stopped when this returns.
    public func kill() async throws {
        var request = Heron_Proto_Scheduler_KillTopologyRequest()
        request.topologyName = context.topology.name
        try await instance.onKill(try request.serializedBytes())
        phase.withLock { $0 = .ending }
    }

    /// Restarts one container, or all with `container` -1.
    public func restart(container: Int32) async throws {
        var request = Heron_Proto_Scheduler_RestartTopologyRequest()
        request.topologyName = context.topology.name
        request.containerIndex = container
        try await instance.onRestart(try request.serializedBytes())
    }

    /// Changes the running containers from the request's current packing plan to its proposed one.
    public func update(_ request: Heron_Proto_Scheduler_UpdateTopologyRequest) async throws {
        try await instance.onUpdate(try request.serializedBytes())
    }

    /// Calls an operation of the plugin that works on the topology.
    public func operate(_ request: OperationRequest) async throws -> OperationResult {
        try await instance.operate(request.operation, request.arguments)
    }

    /// Makes ``end()`` return.
    public func finish(_ end: End) {
        ending.yield(end)
    }

    /// Waits until the topology was killed, the plugin gave up, or ``finish(_:)`` was called.
    public func end() async -> End {
        for await end in ends { return end }
        return .stopped
    }

    /// Closes the plugin; containers that run go on running unless they were killed before.
    public func close() async {
        phase.withLock { $0 = .ending }
        isAnswering.withLock { $0 = false }
        do {
            try await instance.close()
        } catch {
            context.log.warning("\(error)")
        }
        ending.finish()
    }

    /// Links to the scheduler's own pages about the topology, as the plugin told them last.
    public var jobLinks: [String] { report.answers.links }

    /// What is going on. Asks the plugin too, but does not wait for one that is busy: then its last words stand.
    public func status() async -> SchedulerStatus {
        let answers = isAnswering.withLock({ $0 }) ? await report.refreshed() : report.answers
        return SchedulerStatus(
            topology: context.topology.name,
            topologyID: context.topology.id,
            phase: phase.withLock { $0.rawValue },
            jobLinks: answers.links,
            scheduler: answers.status,
            containers: services.board.all.map(SchedulerStatus.Container.init)
        )
    }

    /// The scheduler's counters and gauges in Prometheus's text format.
    public var metricsText: String { services.metrics.prometheusText(topology: context.topology.name) }
}
