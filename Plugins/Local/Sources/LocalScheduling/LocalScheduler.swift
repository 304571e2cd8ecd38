import HeronModel
import PluginABI
import PluginKit
import PluginSupport

/// Runs containers as groups of processes on this machine.
public final class LocalScheduler: SchedulerPlugin {
    private let host: Host
    private var settings: LocalSettings?
    private var path: String?
    /// Nil where there is no such directory, because the topology was killed before.
    private var directory: WorkingDirectory?
    private var supervisor: Supervisor?

    /// Keeps the host; uses it from ``initialize()`` on.
    public init(host: Host) {
        self.host = host
    }

    deinit {
        // The thread uses the host, which may not be used any more after this.
        supervisor?.leave()
    }

    public func initialize() throws {
        let path = try host.require(HERON_FACT_WORKING_DIRECTORY)
        settings = try LocalSettings(host)
        directory = try WorkingDirectory.occupy(path, key: LocalSettings.workingDirectoryKey)
        self.path = path
    }

    public func onSchedule(_ packingPlan: [UInt8]) throws {
        guard supervisor == nil else { throw PluginFailure(.alreadyExists, "the topology is scheduled already") }
        let plan = try decode(PackingPlan.self, packingPlan)
        let wanted = [0] + plan.containerPlans.map(\.id)
        let isResumed = host.fact(HERON_FACT_RESUMED) == "true"
        let (settings, path) = try ready()
        guard directory != nil else { throw PluginFailure(.notFound, "there is no working directory \(path)") }
        let found = try FoundContainers.look(path, host)
        let adopted = isResumed ? found.running(among: wanted) : [:]
        try found.end(except: adopted, grace: settings.killGrace)

        let supervisor = try Supervisor(host: host, settings: settings, directory: path)
        self.supervisor = supervisor
        let assignments = wanted.map { id in
            Supervisor.Assignment(container: id, attempt: found.nextAttempt(of: id, adopted), running: adopted[id])
        }
        let failures = supervisor.take(assignments)
        if let first = failures.first, !isResumed {
            // A first start that cannot work is better undone than repeated for ever.
            _ = supervisor.stop()
            supervisor.leave()
            self.supervisor = nil
            throw PluginFailure(.failed, first)
        }
    }

    public func onKill(_ request: [UInt8]) throws {
        let (settings, path) = try ready()
        if let supervisor {
            let failures = supervisor.stop()
            guard failures.isEmpty else { throw PluginFailure(.failed, failures.joined(separator: "; ")) }
        }
        // What this scheduler never knew: a predecessor's containers, in a process that only cleans up.
        try FoundContainers.look(path, host).end(except: [:], grace: settings.killGrace)
        do {
            // With everything in it, the logs too: nothing of a killed topology stays on the machine.
            try directory?.remove()
            directory = nil
        } catch {
            throw PluginFailure(.failed, "the topology has ended, but its working directory remains: \(error)")
        }
    }

    public func onRestart(_ request: [UInt8]) throws {
        let container = try decode(Heron_Proto_Scheduler_RestartTopologyRequest.self, request).containerIndex
        guard let supervisor else { throw PluginFailure(.closed, "nothing has been scheduled") }
        switch supervisor.restart(container) {
        case .running:
            break
        case .noSuchContainer:
            throw PluginFailure(.notFound, "there is no container \(container)", hint: "-1 restarts all containers")
        case .failed(let failures):
            throw PluginFailure(.failed, failures.joined(separator: "; "))
        }
    }

    public func status() throws -> String? {
        StatusJSON.text(reports)
    }

    /// What became of every container.
    var reports: [ContainerReport] { supervisor?.reports ?? [] }

    public func close() throws {
        supervisor?.leave()
        supervisor = nil
        directory = nil
        path = nil
    }

    private func ready() throws -> (LocalSettings, String) {
        guard let settings, let path else { throw PluginFailure(.closed, "the scheduler is not initialized") }
        return (settings, path)
    }
}
