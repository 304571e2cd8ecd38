import HeronModel
import HeronState

/// What the state has of one topology, by node; its JSON is the output of `heron state show <cluster>`.
public struct TopologyOverview: Encodable, Sendable {
    public let topology: String
    public let nodes: [NodeSummary]
    /// Where it belongs; nil without a readable execution state.
    public let execution: ExecutionState?

    enum CodingKeys: String, CodingKey {
        case topology, nodes
    }

    /// Every topology of which something stands, sorted by name, and the damaged nodes that are of none.
    public static func all(_ inspector: StateInspector) async throws -> (
        topologies: [TopologyOverview], rest: [NodeSummary]
    ) {
        let found: [Entry] = try await inspector.nodes(try await inspector.find(nil)) { Entry($0) }
        let groups: [String?: [Entry]] = Dictionary(grouping: found, by: \.topology)
        let topologies: [TopologyOverview] = groups.compactMap { name, entries in
            name.map { TopologyOverview($0, entries) }
        }
        let rest: [NodeSummary] = (groups[nil] ?? []).map(\.summary).filter { $0.problem != nil }
        return (topologies.sorted { $0.topology < $1.topology }, rest)
    }

    private init(_ topology: String, _ entries: [Entry]) {
        self.topology = topology
        nodes = entries.map(\.summary)
        execution = entries.lazy.compactMap(\.execution).first
    }

    /// What is kept of a node.
    private struct Entry: Sendable {
        let topology: String?
        let summary: NodeSummary
        let execution: ExecutionState?

        init(_ node: InspectedNode) {
            topology = node.path.topology
            summary = node.summary
            execution = node.message()
        }
    }
}
