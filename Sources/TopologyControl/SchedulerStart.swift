import HeronState
import SchedulerCore

/// Brings a dead scheduler service back; it re-adopts what runs.
public struct SchedulerStart: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    public init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Starts the service.
    ///
    /// Throws ``ControlError`` if it lives, if there is none to start, or if it belongs to another machine.
    ///
    /// - Parameter foreground: whether it shares this command's stderr and Ctrl-C.
    public func run(foreground: Bool) async throws -> SchedulerServiceProcess {
        switch try await SchedulerAccess.of(topology) {
        case .service(let client):
            throw ControlError("the scheduler of '\(topology.name)' lives already, at \(client.endpoint)")
        case .library:
            throw ControlError(
                "'\(topology.name)' has no scheduler service: heron.scheduler.is.service is false for it"
            )
        case .unknown:
            throw ControlError("the state does not say where the scheduler of '\(topology.name)' ran")
        case .dead(let record):
            return try await start(record, foreground: foreground)
        }
    }

    private func start(_ record: ServiceRecord, foreground: Bool) async throws -> SchedulerServiceProcess {
        guard record.host == ServiceRecord.ownHost() else {
            throw ControlError(
                "the scheduler of '\(topology.name)' ran on \(record.host), not here",
                hint: "run this command on \(record.host)"
            )
        }
        // Whoever has a new password brings it to the scheduler so.
        try giveCredentials(cluster.config, to: record.workingDirectory)
        let settings = SchedulerServiceProcess.Settings(
            topology: topology.name,
            cluster: topology.place?.cluster ?? cluster.address.cluster,
            record: record,
            heronHome: cluster.heronHome,
            verbose: cluster.verbose,
            foreground: foreground
        )
        return try await SchedulerServiceProcess.start(settings, topology.state)
    }
}
