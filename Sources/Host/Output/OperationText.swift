import HeronJSON
import PluginHost

/// Operations of plugins, and what they bring, for people.
enum OperationText {
    /// A plugin's operations with a line for each.
    static func list(_ operations: PluginOperations) -> String {
        guard !operations.all.isEmpty else { return "plugin \(operations.manifest.name) has no operations" }
        var table = TextTable("OPERATION", "WORKS ON", "MEANING")
        for operation in operations.all { table.add(operation.name, "\(operation.target)", operation.help) }
        return table.text
    }

    /// How an operation is called.
    static func help(_ operation: PluginOperation, of plugin: String) -> String {
        let target: String = operation.target == .topology ? " --topology <name>" : ""
        let parameters: String = operation.parameters.map { parameter in
            let text: String = "--\(parameter.name) <\(parameter.type.rawValue)>"
            return parameter.defaultText == nil ? " \(text)" : " [\(text)]"
        }.joined()
        var lines: [String] = [
            operation.help, "",
            "USAGE: heron plugin call \(plugin) \(operation.name)\(parameters) [--cluster <cluster>]\(target)",
        ]
        if !operation.parameters.isEmpty {
            var table = TextTable("PARAMETER", "TYPE", "DEFAULT", "MEANING")
            for parameter in operation.parameters {
                table.add(
                    "--\(parameter.name)",
                    parameter.type.rawValue,
                    parameter.defaultText ?? "",
                    parameter.help
                )
            }
            lines += ["", table.text]
        }
        return lines.joined(separator: "\n")
    }

    /// A list of objects of single values as a table; nil for any other JSON.
    static func table(_ value: JSONValue) -> String? {
        guard case .array(let rows) = value, !rows.isEmpty else { return nil }
        var objects: [[String: JSONValue]] = []
        for row in rows {
            guard case .object(let members) = row else { return nil }
            objects.append(members)
        }
        let columns: [String] = Set(objects.flatMap(\.keys)).sorted { first, second in
            // What things are called comes first.
            (first == "name" ? 0 : 1, first) < (second == "name" ? 0 : 1, second)
        }
        guard !columns.isEmpty else { return nil }
        var table = TextTable(columns.map { $0.uppercased() })
        for object in objects { table.add(columns.map { Console.safe(object[$0]?.text ?? "") }) }
        return table.text
    }
}
