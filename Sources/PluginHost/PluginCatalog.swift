/// The plugins that a search path holds, and for each folder and manifest why it was taken or skipped.
///
/// Made without loading any library.
public struct PluginCatalog: Sendable {
    /// A folder of the search path.
    public struct Folder: Sendable {
        public let folder: PluginSearchPath.Folder
        /// Why nothing was looked for in it; nil if it was searched.
        public let skipped: String?
        public let entries: [Entry]
    }

    /// A folder that holds a manifest, or should.
    public struct Entry: Sendable {
        public let manifestPath: String
        /// What the manifest says, if it could be read.
        public let manifest: PluginManifest?
        /// Why the plugin cannot be used; nil if it was taken.
        public let problem: PluginError?
    }

    public let folders: [Folder]
    /// What the search path left out, one line each.
    public let notes: [String]

    /// The plugins that can be used, in the order of the search path.
    public var plugins: [PluginManifest] {
        entries.compactMap { $0.problem == nil ? $0.manifest : nil }
    }

    private var entries: [Entry] { folders.flatMap(\.entries) }

    /// Looks through all folders of a path. A folder that does not exist is skipped.
    public static func scan(_ path: PluginSearchPath) -> PluginCatalog {
        var scanner = PluginScanner(trust: .ofCurrentUser())
        return PluginCatalog(folders: path.folders.map { scanner.scan($0) }, notes: path.notes)
    }

    /// The plugin that answers to a class name; throws ``PluginError`` if there is none, or more than one.
    public func resolve(_ kind: PluginKind, className: String) throws -> PluginManifest {
        let claimants = entries.filter { $0.manifest?.claims(kind, className) == true }
        let usable = claimants.filter { $0.problem == nil }.compactMap(\.manifest)
        if usable.count > 1 {
            let names = usable.map { "\($0.name) \($0.version) (\($0.folder))" }.joined(separator: " and ")
            throw PluginError(
                .ambiguous,
                "\(kind.rawValue) class \(className) is claimed by \(names)",
                hint: "remove one of them"
            )
        }
        if let plugin = usable.first { return plugin }
        throw claimants.compactMap(\.problem).first ?? noPlugin(kind, className)
    }

    /// The classes of a plugin that cannot be used because others claim them too, one line each.
    public func conflicts(of plugin: PluginManifest) -> [String] {
        PluginKind.allCases.flatMap { kind in
            plugin.classes[kind, default: []].compactMap { className in
                do {
                    _ = try resolve(kind, className: className)
                    return nil
                } catch {
                    return (error as? PluginError).flatMap { $0.code == .ambiguous ? $0.message : nil }
                }
            }
        }
    }

    /// The plugin with a name; throws ``PluginError`` if there is none, or if it cannot be used.
    public func plugin(named name: String) throws -> PluginManifest {
        let matches = entries.filter { $0.manifest?.name == name }
        if let plugin = matches.first(where: { $0.problem == nil })?.manifest { return plugin }
        if let problem = matches.first?.problem { throw problem }
        let names = plugins.map(\.name)
        throw PluginError(
            .noPlugin,
            "there is no plugin '\(name)'",
            hint: names.isEmpty ? "no plugin is installed" : "installed are: \(names.joined(separator: ", "))"
        )
    }

    private func noPlugin(_ kind: PluginKind, _ className: String) -> PluginError {
        let known = plugins.flatMap { $0.classes[kind, default: []] }
        let skipped = entries.compactMap(\.problem).map(\.description)
        var hint: String =
            known.isEmpty ? "no \(kind.rawValue) is installed" : "known are: \(known.joined(separator: ", "))"
        if !skipped.isEmpty { hint += "; skipped: \(skipped.joined(separator: "; "))" }
        return PluginError(.noPlugin, "no plugin has the \(kind.rawValue) class \(className)", hint: hint)
    }
}
