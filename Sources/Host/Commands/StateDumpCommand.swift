import ArgumentParser
import FoundationEssentials
import HeronJSON
import HeronModel
import StateInspection

struct StateDumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Prints the nodes with all that is in them, for bug reports and back-ups.",
        discussion: """
            json has every node's bytes (base64), secrets excepted, beside what they mean. The definition of a topology \
            is as its author wrote it: see that there is nothing private in its settings before you pass a dump on.

            Examples:
              heron state dump local WordCount
              heron state dump local --output json > state.json
            """
    )

    @OptionGroup var target: StateTarget

    /// How many nodes are in memory at once.
    private static let chunk = 16

    func run() async throws {
        try await target.withState { inspector, address in
            var rest: ArraySlice<StateInspector.Found> = try await target.find(inspector, address)[...]
            var damaged: [NodeSummary] = []
            var separator = ""
            if target.output == .json { print("[", terminator: "") }
            while !rest.isEmpty {
                let nodes: [InspectedNode] = try await inspector.nodes(rest.prefix(StateDumpCommand.chunk)) { $0 }
                rest = rest.dropFirst(StateDumpCommand.chunk)
                for node in nodes {
                    print(separator, terminator: "")
                    separator = target.output == .json ? "," : "\n"
                    try write(node)
                }
                damaged += nodes.map(\.summary).filter { $0.problem != nil }
            }
            if target.output == .json { print("\n]") }
            try StateTarget.finish(damaged)
        }
    }

    private func write(_ node: InspectedNode) throws {
        switch target.output {
        case .text: print(try NodeText.lines(node).map(Console.safe).joined(separator: "\n"))
        case .json:
            let lines: [Substring] = try JSONOutput.text(DumpedNode(node)).split(separator: "\n")
            print("\n" + lines.map { "  " + $0 }.joined(separator: "\n"), terminator: "")
        }
    }
}

/// A node as `heron state dump --output json` writes it.
private struct DumpedNode: Encodable {
    let path: String
    let kind: String
    let version: Int32?
    let size: Int?
    let problem: String?
    /// What the bytes mean, if that is known: a message with the names of its fields as Heron defines them, or JSON.
    let content: JSONValue?
    /// Whether something is left out because it is secret.
    let isRedacted: Bool
    let base64: String?

    enum CodingKeys: String, CodingKey {
        case path, kind, version, size, problem, content, base64
        case isRedacted = "redacted"
    }

    init(_ node: InspectedNode) throws {
        let summary: NodeSummary = node.summary
        path = summary.path
        kind = summary.kind
        version = summary.version
        size = summary.size
        problem = summary.problem
        isRedacted = node.version != nil && node.data == nil
        base64 = node.data.map { Data($0).base64EncodedString() }
        switch node.content {
        case .message(let message):
            var options = JSONEncodingOptions()
            options.preserveProtoFieldNames = true
            options.alwaysPrintInt64sAsNumbers = true
            let json: [UInt8] = try message.jsonUTF8Bytes(options: options)
            content = try JSONDecoder().decode(JSONValue.self, from: Data(json))
        case .json(let value, _): content = value
        case .secret: content = .string("(secret)")
        case .empty, .bytes, .damaged: content = nil
        }
    }
}
