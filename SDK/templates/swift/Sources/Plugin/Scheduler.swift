import PluginABI
import PluginKit

/// What the host asks of a scheduler. All functions run on one thread, one after the other.
final class Scheduler: SchedulerPlugin {
    private struct Place {
        let processes: Processes
        /// Between SIGTERM and SIGKILL.
        let grace: Duration
    }

    private let host: Host
    /// Between initialize and close.
    private var place: Place?
    /// Nil where the directory is not there.
    private var lock: DirectoryLock?
    private var containers: Containers?

    init(host: Host) {
        self.host = host
    }

    deinit {
        containers?.leave()
    }

    func initialize() throws {
        guard place == nil else { throw PluginFailure(.alreadyExists, "the scheduler is initialized already") }
        let key = "heron.@NAME@.kill.grace.ms"
        guard let grace = host.config(key).flatMap({ Int($0) }), (0...86_400_000).contains(grace) else {
            throw PluginFailure(.invalidArgument, "\(key) must be 0 to 86400000 milliseconds")
        }
        let directory = try host.require(HERON_FACT_WORKING_DIRECTORY)
        lock = try WorkingDirectory.lock(directory)
        place = Place(processes: Processes(directory: directory), grace: .milliseconds(grace))
    }

    func onSchedule(_ packingPlan: [UInt8]) throws {
        let place = try ready()
        guard containers == nil else { throw PluginFailure(.alreadyExists, "the topology is scheduled already") }
        guard lock != nil else {
            throw PluginFailure(
                .notFound,
                "there is no working directory \(place.processes.directory) that the launcher prepared"
            )
        }
        containers = try Containers.run(
            host,
            place.processes,
            grace: place.grace,
            ids: try Messages.containers(ofPackingPlan: packingPlan),
            // A first start that cannot work is better undone than repeated for ever.
            mustStart: host.fact(HERON_FACT_RESUMED) != "true"
        )
    }

    func onKill(_ request: [UInt8]) throws {
        let place = try ready()
        if let containers {
            try containers.stop()
            containers.leave()
            self.containers = nil
        } else {
            // A predecessor's, in a process that only cleans up.
            try place.processes.end(patience: place.grace) { _ in true }
        }
        guard lock != nil else { return }
        do {
            // Nothing of a killed topology stays on the machine.
            try WorkingDirectory.remove(place.processes.directory)
        } catch {
            throw PluginFailure(.failed, "the topology has ended, but its working directory remains: \(error)")
        }
        lock = nil
    }

    func onRestart(_ request: [UInt8]) throws {
        _ = try ready()
        let container = try Messages.container(ofRestartRequest: request)
        guard let containers else { throw PluginFailure(.notFound, "there is no container \(container)") }
        try containers.restart(container)
    }

    func close() throws {
        containers?.leave()
        containers = nil
        lock = nil
        place = nil
    }

    /// What became of every container.
    var reports: [ContainerReport] { containers?.reports ?? [] }

    private func ready() throws -> Place {
        guard let place else { throw PluginFailure(.closed, "the scheduler is not initialized") }
        return place
    }
}
