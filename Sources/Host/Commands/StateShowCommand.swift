import ArgumentParser
import HeronConfig
import HeronState
import StateInspection
import TopologyControl

struct StateShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a topology as it is stored, or which nodes each topology has.",
        discussion: """
            Examples:
              heron state show local
              heron state show local WordCount
            """
    )

    @OptionGroup var target: StateTarget

    func run() async throws {
        try await target.withState { inspector, address in
            if let topology = target.topology {
                try await show(topology, try await target.find(inspector, address), inspector)
            } else {
                try await showAll(inspector, address)
            }
        }
    }

    private func show(_ topology: String, _ found: [StateInspector.Found], _ inspector: StateInspector) async throws {
        let report: TopologyReport = try await TopologyReport(topology, found, inspector)
        switch target.output {
        case .text: print(TopologyReportText(report).text)
        case .json: try JSONOutput.write(report)
        }
        try StateTarget.finish(report.nodes)
    }

    private func showAll(_ inspector: StateInspector, _ address: TopologyAddress) async throws {
        var (topologies, rest): ([TopologyOverview], [NodeSummary]) = try await TopologyOverview.all(inspector)
        topologies = topologies.filter { $0.execution.map { address.matches(ClusterRoleEnviron($0)) } ?? true }
        switch target.output {
        case .text: print(table(topologies).text)
        case .json: try JSONOutput.write(topologies)
        }
        let nodes: [NodeSummary] = rest + topologies.flatMap(\.nodes)
        for node in nodes {
            if let problem = node.problem { Console.warning("state node \(node.path): \(problem)") }
        }
        try StateTarget.finish(nodes)
    }

    private func table(_ topologies: [TopologyOverview]) -> TextTable {
        let columns: [(String, StateDirectory)] = [
            ("DEFINITION", .topologies), ("PACKING", .packingplans), ("EXECUTION", .executionstate),
            ("PHYSICAL", .pplans), ("SCHEDULER", .schedulers), ("TMANAGER", .tmanagers), ("METRICS", .metricscaches),
        ]
        var table = TextTable(["TOPOLOGY", "PLACE"] + columns.map(\.0) + ["LOCKS", "OWN"])
        for topology in topologies {
            let place: String = topology.execution.map { "\(ClusterRoleEnviron($0))" } ?? ""
            let cells: [String] = columns.map { cell(topology, $1) }
            table.add([topology.topology, place.cut()] + cells + [count(topology, .locks), count(topology, nil)])
        }
        return table
    }

    private func cell(_ topology: TopologyOverview, _ directory: StateDirectory) -> String {
        let path = "\(directory.rawValue)/\(topology.topology)"
        guard let node: NodeSummary = topology.nodes.first(where: { $0.path == path }) else { return "" }
        return node.problem == nil ? "ok" : "damaged"
    }

    private func count(_ topology: TopologyOverview, _ directory: StateDirectory?) -> String {
        let prefix: String = (directory?.rawValue ?? StatePath.ownDirectory) + "/"
        let count: Int = topology.nodes.count { $0.path.hasPrefix(prefix) }
        return count == 0 ? "" : "\(count)"
    }
}
