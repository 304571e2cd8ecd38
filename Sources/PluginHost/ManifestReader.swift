import HeronYAML

/// Reads a `plugin.yaml`. Unknown fields are warnings, wrong ones errors, each with its line.
package struct ManifestReader {
    private let folder: String
    private let path: String
    private let map: YAMLMap
    private var warnings: [String] = []

    private static let fields = ["name", "version", "abi", "library", "classes", "containers", "config", "sha256"]
    private static let keyFields = ["type", "default", "help", "aliases", "secret"]

    /// Reads the manifest in a folder. The folder's path must be absolute and free of symbolic links.
    package static func read(folder: String) throws -> PluginManifest {
        let path: String = "\(folder)/\(PluginManifest.fileName)"
        do {
            let document = try YAMLDocument.load(path: path, limits: YAMLLimits(bytes: 1 << 18))
            var reader = ManifestReader(folder: folder, path: path, map: try document.map())
            return try reader.manifest()
        } catch let error as YAMLError {
            throw PluginError(.badManifest, error.description)
        }
    }

    private init(folder: String, path: String, map: YAMLMap) {
        self.folder = folder
        self.path = path
        self.map = map
    }

    private mutating func manifest() throws -> PluginManifest {
        for entry in map.entries where !ManifestReader.fields.contains(entry.key) {
            warn(entry, "unknown field '\(entry.key)'")
        }
        let name = try self.name()
        let version = try text("version", "a text such as \"1.2\"") { !$0.isEmpty && $0.utf8.count <= 64 }
        let abi = try self.abi()
        let library = try text("library", "a file name") { !$0.contains("/") && !$0.hasPrefix(".") && !$0.isEmpty }
        let classes = try self.classes()
        let place = try containerPlace()
        let keys = try configKeys()
        let sum = try checksum()
        return PluginManifest(
            name: name,
            version: version,
            abi: abi,
            folder: folder,
            library: library,
            classes: classes,
            containers: place,
            configKeys: keys,
            sha256: sum,
            warnings: warnings
        )
    }

    private func name() throws -> String {
        try text("name", PluginName.rule, where: PluginName.isValid)
    }

    private func abi() throws -> ABIVersion {
        let written = try text("abi", "a quoted version such as \"\(ABIVersion.host)\"") {
            ManifestReader.version($0) != nil
        }
        return ManifestReader.version(written) ?? .host
    }

    private static func version(_ text: String) -> ABIVersion? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]) else { return nil }
        return ABIVersion(major: major, minor: minor)
    }

    private mutating func classes() throws -> [PluginKind: [String]] {
        guard let entry = map.entry("classes") else { throw failure(nil, "field 'classes' is missing") }
        guard let kinds = entry.value.mapValue else { throw failure(entry, "'classes' must be a map of lists") }
        var found: [PluginKind: [String]] = [:]
        for kind in kinds.entries {
            guard let known = PluginKind(rawValue: kind.key) else {
                warn(kind, "unknown kind of class '\(kind.key)'")
                continue
            }
            let names = kind.value.listValue?.map(\.stringValue) ?? [nil]
            guard names.allSatisfy({ $0.map(ClassName.isValid) == true }) else {
                throw failure(kind, "'classes.\(kind.key)' must be a list of class names")
            }
            found[known] = names.compactMap(\.self)
        }
        return found
    }

    private func containerPlace() throws -> ContainerPlace {
        guard let entry = map.entry("containers") else { return .local }
        guard let place = entry.value.stringValue.flatMap(ContainerPlace.init) else {
            let places = ContainerPlace.allCases.map(\.rawValue).joined(separator: " or ")
            throw failure(entry, "'containers' must be \(places)")
        }
        return place
    }

    private mutating func configKeys() throws -> [PluginConfigKey] {
        guard let entry = map.entry("config") else { return [] }
        guard let keys = entry.value.mapValue else { throw failure(entry, "'config' must be a map of keys") }
        var declared: [PluginConfigKey] = []
        for key in keys.entries { declared.append(try configKey(key)) }
        return declared
    }

    private mutating func configKey(_ entry: YAMLMap.Entry) throws -> PluginConfigKey {
        guard let properties = entry.value.mapValue else {
            throw failure(
                entry,
                "'config.\(entry.key)' must be a map with \(ManifestReader.keyFields.joined(separator: ", "))"
            )
        }
        for property in properties.entries where !ManifestReader.keyFields.contains(property.key) {
            warn(property, "unknown field 'config.\(entry.key).\(property.key)'")
        }
        guard let type = properties["type"]?.stringValue.flatMap(PluginConfigKey.ValueType.init) else {
            let types = PluginConfigKey.ValueType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(entry, "'config.\(entry.key)' needs a type: \(types)")
        }
        guard let help = properties["help"]?.stringValue, !help.contains(where: \.isNewline) else {
            throw failure(entry, "'config.\(entry.key)' needs one line of help")
        }
        return PluginConfigKey(
            key: entry.key,
            type: type,
            defaultValue: try defaultValue(entry, properties["default"], type),
            help: help,
            aliases: try aliases(entry, properties["aliases"]),
            secret: try secret(entry, properties["secret"], type)
        )
    }

    private func secret(
        _ entry: YAMLMap.Entry,
        _ value: YAMLValue?,
        _ type: PluginConfigKey.ValueType
    ) throws -> PluginConfigKey.Secret? {
        guard let value else { return nil }
        guard type == .string, let secret = value.stringValue.flatMap(PluginConfigKey.Secret.init) else {
            throw failure(entry, "'config.\(entry.key).secret' must be file or value, and the key a string")
        }
        return secret
    }

    private func aliases(_ entry: YAMLMap.Entry, _ value: YAMLValue?) throws -> [String] {
        guard let value else { return [] }
        let names = value.listValue?.map(\.stringValue) ?? [nil]
        guard names.allSatisfy({ $0?.isEmpty == false && $0 != entry.key }) else {
            throw failure(entry, "'config.\(entry.key).aliases' must be a list of other keys")
        }
        return names.compactMap(\.self)
    }

    private func defaultValue(
        _ entry: YAMLMap.Entry,
        _ value: YAMLValue?,
        _ type: PluginConfigKey.ValueType
    ) throws -> String? {
        let text: String
        switch value {
        case nil, .null: return nil
        case .string(let value): text = value
        case .int(let value): text = String(value)
        case .double(let value): text = String(value)
        case .bool(let value): text = String(value)
        case .list, .map: throw failure(entry, "the default of '\(entry.key)' must be one value")
        }
        // Tokens are replaced when the value is used: only then its type shows.
        guard text.contains("${") || type.normalized(text) != nil else {
            throw failure(entry, "the default of '\(entry.key)' is not of type \(type.rawValue)")
        }
        return text
    }

    private func checksum() throws -> String? {
        guard map["sha256"] != nil else { return nil }
        return try text("sha256", "64 hexadecimal digits") { text in
            text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
        }.lowercased()
    }

    private func text(_ field: String, _ expected: String, where valid: (String) -> Bool) throws -> String {
        guard let entry = map.entry(field) else { throw failure(nil, "field '\(field)' is missing") }
        guard let text = entry.value.stringValue, valid(text) else {
            throw failure(entry, "'\(field)' must be \(expected)")
        }
        return text
    }

    private mutating func warn(_ entry: YAMLMap.Entry, _ message: String) {
        warnings.append("\(path):\(entry.line): \(message)")
    }

    private func failure(_ entry: YAMLMap.Entry?, _ message: String) -> PluginError {
        let line: String = entry.map { ":\($0.line)" } ?? ""
        return PluginError(.badManifest, "\(path)\(line): \(message)")
    }
}
