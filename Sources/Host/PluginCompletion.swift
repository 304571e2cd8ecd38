import PluginHost

/// What a shell may complete on a command line that begins with `heron plugin call`.
enum PluginCompletion {
    /// The names of the installed plugins.
    static func plugins() -> [String] {
        (try? PluginCommand.catalog().plugins.map(\.name)) ?? []
    }

    /// The operations of the plugin that the line names, or the parameters of the operation that it names.
    ///
    /// - Parameters:
    ///   - words: the whole command line.
    ///   - index: which of them is to be completed.
    static func operations(_ words: [String], _ index: Int) -> [String] {
        guard let call = words.firstIndex(of: "call") else { return [] }
        let named: ArraySlice<String> = words[(call + 1)..<min(max(index, call + 1), words.count)]
            .filter { !$0.hasPrefix("-") }[...]
        guard let plugin: String = named.first,
            let manifest = try? PluginCommand.catalog().plugin(named: plugin),
            let operations = try? PluginOperations.load(manifest)
        else { return [] }
        guard let operation = named.dropFirst().first.flatMap({ try? operations.operation(named: $0) }) else {
            return operations.all.map(\.name)
        }
        return operation.parameters.map { "--\($0.name)" }
    }
}
