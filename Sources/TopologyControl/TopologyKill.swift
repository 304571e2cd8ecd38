import HeronConfig
import HeronState
import HeronYAML
import SchedulerCore
import Uploading

/// Ends a topology: its containers first, its state last, so that a kill that fails half-way can be repeated.
public struct TopologyKill: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    private static let settleLimit = Duration.seconds(30)

    public init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Kills the topology and removes its state; returns warnings about what could not be seen to.
    public func run() async throws -> [String] {
        var warnings: [String] = try await endContainers()
        do {
            try await uploader().remove()
        } catch {
            warnings.append("the topology's package was not removed: \(error)")
        }
        try await topology.state.removeTopology(topology.name, id: topology.execution?.topologyID)
        return warnings
    }

    private func uploader() throws -> any Uploader {
        let config: Config = try cluster.config(of: topology)
        return try Uploaders.named(
            try config.string(.uploaderClass),
            directory: try config.find(.localUploadDirectory),
            topology: topology.name,
            role: try config.string(.role)
        )
    }

    private func endContainers() async throws -> [String] {
        switch try await settledAccess() {
        case .service(let client):
            try await client.kill()
            return []
        case .library(let record), .dead(let record):
            return try await killFromHere(record)
        case .unknown:
            // Another kill may have been faster.
            guard try await topology.state.topology(topology.name) != nil else { return [] }
            return ["the state does not say where '\(topology.name)' ran; only its state was removed"]
        }
    }

    /// How the scheduler can be reached, once one that is just starting or ending has done so.
    private func settledAccess() async throws -> SchedulerAccess {
        let deadline: ContinuousClock.Instant = .now + TopologyKill.settleLimit
        while true {
            let access: SchedulerAccess = try await .of(topology)
            if case .service = access { return access }
            guard
                try await LiveServiceGuard.holding(of: topology.name, topology.state) == .taken,
                .now < deadline
            else { return access }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// No service lives: this command takes the scheduler's place, re-finds the containers, and ends them.
    private func killFromHere(_ record: ServiceRecord) async throws -> [String] {
        guard record.host == ServiceRecord.ownHost() else {
            throw ControlError(
                "the scheduler of '\(topology.name)' ran on \(record.host) and is dead",
                hint: "run this command on \(record.host)"
            )
        }
        do {
            try await cluster.scheduler(of: topology, record).kill()
            return []
        } catch  where error is ConfigError || error is YAMLError {
            try await cluster.scheduler(of: topology, record, ownConfiguration: false).kill()
            return ["\(record.workingDirectory) has lost its configuration (\(error)); that of the cluster was used"]
        }
    }
}
