import ArgumentParser
import FoundationEssentials
import HeronConfig
import HeronJSON
import PluginHost
import SchedulerCore
import TopologyControl

/// `heron plugin call`: the parameters behind the operation's name are the operation's own.
struct PluginCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls an operation of a plugin; without one, shows its operations.",
        usage: "heron plugin call <plugin> [<operation> [--<parameter> <value> ...]] [--cluster <cluster>] "
            + "[--topology <name>]",
        discussion: """
            An operation works on a cluster, or on a running topology beside its scheduler. 'heron plugin call <plugin> \
            <operation> --help' shows its parameters. A value of type bytes may be @ and a file's path.

            Examples:
              heron plugin call local
              heron plugin call local ports --help
              heron plugin call local ports --topology WordCount
            """,
        // The help is that of the operation.
        helpNames: []
    )

    @Argument(help: "The plugin's name.", completion: .custom { _, _, _ in PluginCompletion.plugins() })
    var plugin: String?
    @Argument(
        parsing: .allUnrecognized,
        help: "The operation and its parameters.",
        completion: .custom { words, index, _ in PluginCompletion.operations(words, index) }
    )
    var words: [String] = []
    @Option(
        help: ArgumentHelp(
            "The cluster to work on, as in other commands; by default the one named like the plugin.",
            valueName: "cluster"
        )
    )
    var cluster: String?
    @Option(help: ArgumentHelp("The topology to work on.", valueName: "name")) var topology: String?
    @Option(help: "How to print it.") var output: OutputFormat = .text
    @OptionGroup var options: ClusterOptions

    func run() async throws {
        let help: Set<String> = ["-h", "--help"]
        let wantsHelp: Bool = words.contains(where: help.contains)
        let words: [String] = words.filter { !help.contains($0) }
        guard let plugin else { throw ValidationError("the plugin's name is missing") }
        let operations = try PluginOperations.load(try PluginCommand.catalog().plugin(named: plugin))
        guard let name: String = words.first, !name.hasPrefix("-") else {
            return print(OperationText.list(operations))
        }
        let operation = try operations.operation(named: name)
        if wantsHelp { return print(OperationText.help(operation, of: plugin)) }
        let given = try OperationArguments(words.dropFirst(), of: operation, plugin: plugin).values
        let values = try operation.values(given, plugin: plugin)
        show(try await call(operation, operations, values))
    }

    private func call(
        _ operation: PluginOperation,
        _ operations: PluginOperations,
        _ values: [OperationValue]
    ) async throws -> OperationResult {
        let command = try ClusterCommand(cluster ?? operations.manifest.name, options)
        switch (operation.target, topology) {
        case (.topology, nil):
            throw ValidationError("operation \(operation.name) works on a topology: --topology is missing")
        case (.cluster, .some):
            throw ValidationError("operation \(operation.name) works on a cluster: leave --topology out")
        case (.topology, .some(let name)):
            return try await command.withTopology(name) { topology, session in
                try await TopologyOperation(topology, session).call(operation, of: operations.manifest, values)
            }
        case (.cluster, nil):
            return try await operations.call(operation, values, services: try command.services())
        }
    }

    private func show(_ result: OperationResult) {
        switch result {
        case .done: break
        case .string(let text):
            if output == .json { return printJSON(.string(text)) }
            print(
                text.split(separator: "\n", omittingEmptySubsequences: false).map { Console.safe(String($0)) }
                    .joined(separator: "\n")
            )
        case .json(let value):
            if output == .text, let table = OperationText.table(value) { return print(table) }
            printJSON(value)
        }
    }

    private func printJSON(_ value: JSONValue) {
        do {
            try JSONOutput.write(value)
        } catch {
            Console.error("the operation's result cannot be written as JSON: \(error)")
        }
    }
}
