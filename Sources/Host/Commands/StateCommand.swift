import ArgumentParser
import HeronConfig
import HeronModel
import HeronState
import StateInspection
import TopologyControl

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Shows what is stored in the state; changes nothing.",
        discussion: """
            Everything that can be read is shown. The exit code is 1 if a node is damaged: if it cannot be read, or does \
            not hold what belongs there. Secrets are never shown.
            """,
        subcommands: [StateShowCommand.self, StateTreeCommand.self, StateDumpCommand.self]
    )
}

/// The arguments of every command that looks into the state.
struct StateTarget: ParsableArguments {
    @Argument(help: ArgumentHelp("Whose state.", valueName: "cluster/[role]/[env]")) var cluster: String
    @Argument(help: ArgumentHelp("The topology; everything unless given.", valueName: "topology-name"))
    var topology: String?
    @OptionGroup var options: ClusterOptions
    @Option(help: "How to print it.") var output: OutputFormat = .text

    /// Works with the state of the cluster.
    func withState(_ body: (StateInspector, TopologyAddress) async throws -> Void) async throws {
        try await ClusterCommand(cluster, options).withSession { session in
            try await body(StateInspector(session.state), session.address)
        }
    }

    /// The nodes to show: those of the topology if one is given, else all.
    func find(_ inspector: StateInspector, _ address: TopologyAddress) async throws -> [StateInspector.Found] {
        guard let topology else {
            guard address.role == nil, address.environ == nil else {
                throw CommandError(
                    "this shows the state of all roles and environs; leave them out, or name a topology"
                )
            }
            return try await inspector.find(nil)
        }
        try RunningTopology.checkName(topology)
        let found: [StateInspector.Found] = try await inspector.find(topology)
        guard !found.isEmpty else { throw RunningTopology.missing(topology, at: address) }
        let node: InspectedNode? = try await inspector.node(try StatePath(.executionstate, topology))
        let execution: ExecutionState? = node?.message()
        try RunningTopology.check(topology, execution.map(ClusterRoleEnviron.init), at: address)
        return found
    }

    /// Fails the command, when everything is shown, if nodes are damaged.
    static func finish(_ nodes: some Sequence<NodeSummary>) throws {
        let damaged: [String] = nodes.filter { $0.problem != nil }.map(\.path)
        guard let first: String = damaged.first else { return }
        guard damaged.count > 1 else { throw CommandError("state node \(first) is damaged") }
        let more: String = damaged.count > 3 ? " and \(damaged.count - 3) more" : ""
        throw CommandError(
            "\(damaged.count) state nodes are damaged: \(damaged.prefix(3).joined(separator: ", "))\(more)"
        )
    }
}
