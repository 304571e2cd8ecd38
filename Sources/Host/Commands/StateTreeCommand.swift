import ArgumentParser
import StateInspection

struct StateTreeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Lists the nodes: version, size in bytes, and what they are.",
        discussion: """
            Examples:
              heron state tree local
              heron state tree localzk WordCount --output json
            """
    )

    @OptionGroup var target: StateTarget

    func run() async throws {
        try await target.withState { inspector, address in
            let found: [StateInspector.Found] = try await target.find(inspector, address)
            let nodes: [NodeSummary] = try await inspector.nodes(found) { $0.summary }
            switch target.output {
            case .text: print(table(nodes).text)
            case .json: try JSONOutput.write(nodes)
            }
            try StateTarget.finish(nodes)
        }
    }

    private func table(_ nodes: [NodeSummary]) -> TextTable {
        var table = TextTable("NODE", "VERSION", "SIZE", "KIND", "PROBLEM")
        for node in nodes {
            table.add(
                node.path,
                node.version.map(String.init) ?? "",
                node.size.map(String.init) ?? "",
                node.kind,
                node.problem ?? ""
            )
        }
        return table
    }
}
