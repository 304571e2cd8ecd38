import PluginHost
import SchedulerCore

/// Calls an operation of the plugin that schedules a topology, beside its scheduler.
public struct TopologyOperation: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    public init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Calls an operation of a plugin; throws ``ControlError`` if the topology's scheduler is another plugin's or dead,
    /// and what the operation throws.
    public func call(_ operation: PluginOperation, of plugin: PluginManifest, _ values: [OperationValue]) async throws
        -> OperationResult
    {
        let className: String = try cluster.config(of: topology).string(.schedulerClass)
        guard plugin.claims(.scheduler, className) else {
            throw ControlError(
                "the scheduler of '\(topology.name)' is \(className), which is not plugin \(plugin.name)'s"
            )
        }
        let named = zip(operation.parameters, values).map { ($0.name, $1.encoded) }
        let request = OperationRequest(
            operation: operation.name,
            arguments: Dictionary(named) { first, _ in first }
        )
        switch try await SchedulerAccess.of(topology) {
        case .service(let client):
            return try await client.operate(request)
        case .library(let record):
            return try await cluster.scheduler(of: topology, record).operate(request)
        case .dead, .unknown:
            throw ControlError(
                "the scheduler of '\(topology.name)' does not run",
                hint: "start it: heron scheduler start \(cluster.address) \(topology.name)"
            )
        }
    }
}
