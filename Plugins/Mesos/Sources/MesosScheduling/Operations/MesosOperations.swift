import PluginABI
import PluginKit

/// The Mesos plugin's operations: what the master knows, and what the framework of one topology does now.
public enum MesosOperations {
    public static let all: [Operation] = [agents, roles, offers, reconcile, declineAll]

    /// An operation without parameters that brings JSON.
    private typealias Listing =
        @convention(c) (
            UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
            heron_sink
        ) -> heron_status

    private static let agents = Operation(
        "agents",
        "Lists the agents that the master knows, with what they have.",
        on: .cluster,
        "()->json",
        function: { _, host, _, result in
            Operation.perform(host, result) { try MasterQueries.agents($0) }
        } as Listing
    )

    private static let roles = Operation(
        "roles",
        "Lists the resource roles that frameworks are subscribed with or that have a weight.",
        on: .cluster,
        "()->json",
        function: { _, host, _, result in
            Operation.perform(host, result) { try MasterQueries.roles($0) }
        } as Listing
    )

    private static let offers = Operation(
        "offers",
        "Lists the offers that the topology's framework holds now.",
        on: .topology,
        "()->json",
        function: { _, _, scheduler, result in
            Operation.perform(beside: scheduler, as: MesosScheduler.self, result) {
                OffersJSON.text(try $0.running().offers())
            }
        } as Listing
    )

    private static let reconcile = Operation(
        "reconcile",
        "Asks the master now what became of the topology's tasks.",
        on: .topology,
        "()->string",
        function: { _, _, scheduler, result in
            Operation.perform(beside: scheduler, as: MesosScheduler.self, result) {
                try $0.running().request { .reconcile($0) }
                return "the master is asked about every task"
            }
        } as Listing
    )

    private static let declineAll = Operation(
        "decline-all",
        "Declines every offer that the topology's framework holds now.",
        on: .topology,
        "()->string",
        function: { _, _, scheduler, result in
            Operation.perform(beside: scheduler, as: MesosScheduler.self, result) {
                try $0.running().request { .declineAll($0) }
                return "no offer is held any more"
            }
        } as Listing
    )
}
