import SchedulerCore

/// Restarts a topology's containers.
public struct TopologyRestart: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    public init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Restarts one container, or all with -1.
    ///
    /// Throws ``ControlError`` if its scheduler is dead, or a kill has begun.
    public func run(container: Int32) async throws {
        guard try await !KillMark.stands(topology.name, in: topology.state) else {
            throw ControlError(
                "'\(topology.name)' is being killed",
                hint: "end it: heron kill \(cluster.address) \(topology.name)"
            )
        }
        switch try await SchedulerAccess.of(topology) {
        case .service(let client):
            try await client.restart(container: container)
        case .library(let record):
            try await cluster.scheduler(of: topology, record).restart(container: container)
        case .dead, .unknown:
            throw ControlError(
                "the scheduler of '\(topology.name)' does not run",
                hint: "start it: heron scheduler start \(cluster.address) \(topology.name)"
            )
        }
    }
}
