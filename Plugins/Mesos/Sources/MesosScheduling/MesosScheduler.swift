import Glibc
import MesosAPI
import MesosFramework
import MesosProtocol
import PluginABI
import PluginKit
import PluginSupport

/// Runs containers as tasks of Apache Mesos, one for each.
public final class MesosScheduler: SchedulerPlugin {
    private let host: Host
    private var settings: MesosSettings?
    /// Nil where there is no such directory: in a command that ends a topology whose service is dead.
    private var directory: WorkingDirectory?
    private var thread: FrameworkThread?

    /// Keeps the host; uses it from ``initialize()`` on.
    public init(host: Host) {
        self.host = host
    }

    deinit {
        // The thread uses the host, which may not be used any more after this.
        thread?.leave()
    }

    public func initialize() throws {
        settings = try MesosSettings(host)
        guard let path = host.fact(HERON_FACT_WORKING_DIRECTORY), !path.isEmpty else { return }
        directory = try WorkingDirectory.occupy(path, key: MesosSettings.workingDirectoryKey)
    }

    public func onSchedule(_ packingPlan: [UInt8]) throws {
        guard thread == nil else { throw PluginFailure(.alreadyExists, "the topology is scheduled already") }
        let settings = try ready()
        let plan = try decode(PackingPlan.self, packingPlan)
        guard let directory else { throw PluginFailure(.notFound, "there is no working directory") }
        let isResumed = host.fact(HERON_FACT_RESUMED) == "true"
        let framework = try settings.framework(
            host,
            needs: ContainerNeeds.of(plan, containerZero: settings.containerZero)
        )
        let builder = TaskBuilder(
            host: host,
            sources: try PackageSources(host, directory: directory.path, caches: settings.cachesPackages),
            killGrace: framework.killGrace,
            user: framework.info.user
        )
        let thread = try start(framework, builder, settings)
        try ask(thread) { .schedule($0, isResumed: isResumed) }
        if !isResumed { try PackageReach(host: host, settings: settings).check(thread) }
    }

    public func onKill(_ request: [UInt8]) throws {
        let settings = try ready()
        // A command that takes the place of a dead service knows the tasks from the ledger alone.
        let thread = try self.thread ?? start(try settings.framework(host, needs: []), nil, settings)
        try ask(thread) { .kill($0) }
        thread.leave()
        self.thread = nil
        do {
            try directory?.remove()
            directory = nil
        } catch {
            throw PluginFailure(.failed, "the topology has ended, but its working directory remains: \(error)")
        }
    }

    public func onRestart(_ request: [UInt8]) throws {
        let container = try decode(Heron_Proto_Scheduler_RestartTopologyRequest.self, request).containerIndex
        let thread = try running()
        do {
            try thread.request { .restart($0, container: container) }
        } catch let failure as PluginFailure where failure.code == .notFound {
            throw PluginFailure(.notFound, "there is no container \(container)", hint: failure.hint)
        }
    }

    public func jobLinks() throws -> [String] {
        guard let overview = thread?.overview, let id = overview.frameworkID, !overview.master.isEmpty else {
            return []
        }
        return [MesosLinks.framework(id, master: overview.master)]
    }

    /// What drives the framework; throws ``PluginFailure`` if nothing has been scheduled.
    func running() throws -> FrameworkThread {
        guard let thread else { throw PluginFailure(.closed, "nothing has been scheduled") }
        return thread
    }

    public func status() throws -> String? {
        guard let thread else { return nil }
        return StatusJSON.text(thread, settings: try ready())
    }

    public func close() throws {
        thread?.leave()
        thread = nil
        directory = nil
    }

    private func start(
        _ framework: FrameworkSettings,
        _ builder: TaskBuilder?,
        _ settings: MesosSettings
    ) throws -> FrameworkThread {
        var ledger = try Ledger(host)
        let contents = try ledger.load()
        let thread = try FrameworkThread(
            Framework(settings: framework, ledger: contents),
            ledger: ledger,
            builder: builder,
            settings: settings,
            host: host
        )
        self.thread = thread
        return thread
    }

    private func ask(_ thread: FrameworkThread, _ event: @escaping @Sendable (RequestID) -> FrameworkEvent) throws {
        do {
            try thread.request(event)
        } catch let failure as PluginFailure where failure.code == .failed {
            throw explained(failure, thread.driverState)
        }
    }

    /// Why nobody registers the framework, only the driver knows.
    private func explained(_ failure: PluginFailure, _ driver: DriverState) -> PluginFailure {
        switch (driver.phase, driver.lastFailure) {
        case (.waitingForLeader, let why), (.pausing, let why), (.connecting, let why):
            PluginFailure(
                failure.code,
                failure.message.saying(why ?? driver.description),
                hint: "see \(MesosSettings.masterKey)"
            )
        case (.idle, .some):
            PluginFailure(failure.code, failure.message, hint: "see heron.mesos.framework.* and heron.mesos.tls.*")
        case (.idle, nil), (.subscribed, _), (.closed, _):
            failure
        }
    }

    private func ready() throws -> MesosSettings {
        guard let settings else { throw PluginFailure(.closed, "the scheduler is not initialized") }
        return settings
    }
}

extension String {
    /// With a reason behind it, unless it says that already.
    fileprivate func saying(_ reason: String) -> String { contains(reason) ? self : "\(self) (\(reason))" }
}
