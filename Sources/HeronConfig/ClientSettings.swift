import Files
import HeronYAML

/// What `heron config <cluster>` keeps for a user: `~/.config/heron/<cluster>/cli.yaml`, a plain YAML map.
public struct ClientSettings: Sendable {
    /// The properties that there are; `service_url` makes the commands talk to an API server.
    public static let properties: [String] = ["service_url"]

    /// The file's path.
    public let path: String
    private let directory: String
    private let cluster: String

    public init(cluster: String, environment: UserEnvironment) {
        self.cluster = cluster
        directory = "\(environment.home)/.config/heron/\(cluster)"
        path = "\(directory)/cli.yaml"
    }

    /// The properties that are set, sorted; empty if there is no file. Throws ``YAMLError`` for a malformed file.
    public func list() throws -> [(property: String, value: String)] {
        guard let map = try YAMLDocument.loadIfPresent(path: path)?.map() else { return [] }
        return map.entries.map { ($0.key, ConfigReport.plainText($0.value)) }.sorted { $0.property < $1.property }
    }

    /// Sets a property. Throws ``ConfigError`` `unknownProperty`, ``YAMLError`` or ``FileError``.
    public func set(_ property: String, _ value: String) throws {
        try check(property)
        var settings = try list().filter { $0.property != property }
        settings.append((property, value))
        _ = try createFolders(directory)
        try write(settings)
    }

    /// Clears a property; the last one takes the file with it. Throws as ``set(_:_:)`` does.
    public func unset(_ property: String) throws {
        try check(property)
        let settings = try list().filter { $0.property != property }
        if settings.isEmpty { try removeFile(path) } else { try write(settings) }
    }

    private func check(_ property: String) throws {
        guard ClientSettings.properties.contains(property) else {
            throw ConfigError(
                .unknownProperty,
                "Unknown property [\(property.escapingControlCharacters)] for cluster \(cluster)"
            )
        }
    }

    private func write(_ settings: [(property: String, value: String)]) throws {
        let entries = settings.sorted { $0.property < $1.property }.map {
            (key: $0.property, value: YAMLValue.string($0.value))
        }
        try replaceFile(with: YAMLWriter.blockMap(entries))
    }

    /// Puts a new file in the old one's place in one step. Only the user may read it: a URL may have a password.
    private func replaceFile(with text: String) throws {
        let temporary: String = "\(directory)/\(temporaryName(for: "cli"))"
        let file = try File(creating: temporary, permissions: 0o600)
        do {
            try Array(text.utf8).withUnsafeBytes(file.write)
            try file.close()
            try renameFile(temporary, to: path)
        } catch {
            try? removeFile(temporary)
            throw error
        }
    }
}
