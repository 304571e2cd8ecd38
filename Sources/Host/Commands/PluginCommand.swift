import ArgumentParser
import PluginHost

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Shows, checks and makes plugins, and calls their operations.",
        subcommands: [
            PluginListCommand.self, PluginInfoCommand.self, PluginCallCommand.self, PluginCheckCommand.self,
            PluginNewCommand.self, PluginRunCheckCommand.self,
        ],
        defaultSubcommand: PluginListCommand.self
    )

    /// The plugins of this installation; loads no library.
    static func catalog() throws -> PluginCatalog {
        PluginCatalog.scan(.standard(heronHome: try Installation.current().home))
    }
}

struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the plugins, without loading any.",
        discussion: """
            Examples:
              heron plugin list
              heron plugin list --explain
            """
    )

    @Flag(help: "Show every folder searched, every manifest found, and why each was taken or skipped.")
    var explain = false
    @Option(help: "How to print it.") var output: OutputFormat = .text

    func run() throws {
        let catalog: PluginCatalog = try PluginCommand.catalog()
        if explain { return printExplanation(catalog) }
        if output == .json { return try JSONOutput.write(catalog.plugins.map(PluginSummary.init)) }
        var table = TextTable("NAME", "VERSION", "ABI", "PROVIDES", "FOLDER")
        for plugin in catalog.plugins {
            let kinds: [String] = PluginKind.allCases.filter { plugin.classes[$0]?.isEmpty == false }.map(\.rawValue)
            table.add(plugin.name, plugin.version, "\(plugin.abi)", kinds.joined(separator: ","), plugin.folder)
        }
        print(table.text)
        let skipped: Int = catalog.folders.flatMap(\.entries).count { $0.problem != nil }
        if skipped > 0 { Console.warning("\(skipped) plugin(s) skipped; see: heron plugin list --explain") }
    }

    private func printExplanation(_ catalog: PluginCatalog) {
        for note in catalog.notes { print(note) }
        for folder in catalog.folders {
            print("\(folder.folder.path) (\(folder.folder.origin))")
            if let skipped = folder.skipped { print("  not searched: \(skipped)") }
            for entry in folder.entries {
                let verdict: String = entry.problem.map { "skipped: \($0)" } ?? "taken"
                print("  \(Console.safe(entry.manifestPath)): \(Console.safe(verdict))")
                guard let manifest = entry.manifest else { continue }
                for warning in manifest.warnings { print("    warning: \(Console.safe(warning))") }
                for conflict in catalog.conflicts(of: manifest) { print("    conflict: \(Console.safe(conflict))") }
            }
        }
    }
}

struct PluginInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Shows what a plugin's manifest says.",
        discussion: """
            Examples:
              heron plugin info mesos
            """
    )

    @Argument(help: "The plugin's name.") var name: String
    @Option(help: "How to print it.") var output: OutputFormat = .text

    func run() throws {
        let plugin: PluginManifest = try PluginCommand.catalog().plugin(named: name)
        if output == .json { return try JSONOutput.write(PluginSummary(plugin)) }
        print("name        \(plugin.name)\nversion     \(plugin.version)\nabi         \(plugin.abi)")
        print("library     \(plugin.libraryPath)")
        for kind in PluginKind.allCases {
            for className in plugin.classes[kind] ?? [] { print("\(kind.rawValue.padded(to: 12))\(className)") }
        }
        print("containers  \(plugin.containers.rawValue)")
        guard !plugin.configKeys.isEmpty else { return }
        var table = TextTable("KEY", "TYPE", "DEFAULT", "MEANING")
        for key in plugin.configKeys {
            let aliases: String = key.aliases.isEmpty ? "" : " Also: \(key.aliases.joined(separator: ", "))."
            table.add(key.key, key.type.rawValue, key.defaultValue ?? "", key.help + aliases)
        }
        print("\n" + table.text)
    }
}

/// A plugin as `--output json` shows it.
private struct PluginSummary: Encodable {
    struct Key: Encodable {
        let key: String
        let type: String
        let defaultValue: String?
        let help: String
        let aliases: [String]

        enum CodingKeys: String, CodingKey {
            case key, type, help, aliases
            case defaultValue = "default"
        }
    }

    let name: String
    let version: String
    let abi: String
    let library: String
    let classes: [String: [String]]
    let containers: String
    let config: [Key]

    init(_ plugin: PluginManifest) {
        name = plugin.name
        version = plugin.version
        abi = "\(plugin.abi)"
        library = plugin.libraryPath
        classes = Dictionary(uniqueKeysWithValues: plugin.classes.map { ($0.key.rawValue, $0.value) })
        containers = plugin.containers.rawValue
        config = plugin.configKeys.map {
            Key(
                key: $0.key,
                type: $0.type.rawValue,
                defaultValue: $0.defaultValue,
                help: $0.help,
                aliases: $0.aliases
            )
        }
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
