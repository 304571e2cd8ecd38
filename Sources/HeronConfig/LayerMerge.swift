import HeronYAML

/// The layers merged so far.
struct LayerMerge {
    private let keys: KnownKeys
    private let environment: UserEnvironment
    /// Where relative paths of yaml files begin; nil for the process's own working directory.
    private let workingDirectory: String?
    private var entries: [String: Config.Entry]
    /// What `heron.config.file.*` keys of the override properties say, known before any file is read.
    private var redirections: [String: Config.Entry] = [:]
    /// Keys that files of the cluster make known: those of `heron_internals.yaml` and the names of health policies.
    private var localKeys: Set<String> = []
    private var warnings: [String] = []
    private let secrets: [String: KnownKey.Secret]
    /// What any layer says about secret keys, also where a higher one says something else.
    private var secretTexts: [ConfigLayers.SecretText] = []

    init(keys: KnownKeys, environment: UserEnvironment, workingDirectory: String?) {
        self.keys = keys
        self.environment = environment
        self.workingDirectory = workingDirectory
        entries = keys.defaults
        secrets = keys.secrets
    }

    mutating func begin(home: String, conf: String, overrides: [ConfigProperty]) {
        entries[Config.Key.home.name] = Config.Entry(.string(home), .builtIn)
        entries[Config.Key.conf.name] = Config.Entry(.string(conf), .builtIn)
        for property in overrides where property.key.hasPrefix("heron.config.file.") {
            redirections[property.key] = Config.Entry(property.value, .configProperty)
        }
    }

    /// Adds yaml files, each above the one before.
    mutating func add(files: [LayerFile]) throws {
        for file in files {
            let path: String = try self.path(of: file)
            guard let document = try read(path) else { continue }
            let map: YAMLMap = try document.map()
            for policy in map["heron.class.health.policies"]?.listValue ?? [] {
                if let name = policy.stringValue { localKeys.insert(name) }
            }
            // override.yaml may also carry keys of heron_internals.yaml, and was checked when it was written.
            if file != .override { warnAboutUnknownKeys(map, document.name) }
            add(map, document.name)
        }
    }

    /// Adds a file without looking for keys that nobody knows: it was not written by hand.
    mutating func add(made path: String) throws {
        if let document = try read(path) { add(try document.map(), document.name) }
    }

    mutating func add(properties: [ConfigProperty]) {
        for property in properties {
            if let warning = unknownKey(property.key) { warnings.append("--config-property: \(warning)") }
            set(property.key, property.value, .configProperty)
        }
    }

    mutating func add(_ values: [(String, YAMLValue)], _ origin: Origin) {
        for (name, value) in values { set(name, value, origin) }
    }

    /// Reads the files that are not merged, so that a malformed one is found now and not in a container.
    mutating func checkRuntimeFiles() throws {
        if let document = try read(try path(of: .internals)) { localKeys.formUnion(try document.map().keys) }
        _ = try read(try path(of: .metricsSinks))?.map()
    }

    /// The merged layers, with older names replaced and every known key's type checked.
    func layers() throws -> ConfigLayers {
        var merged: [String: Config.Entry] = entries
        OlderNames.move(in: &merged)
        OlderNames.move(keys.aliases, in: &merged)
        for (name, entry) in merged.sorted(by: { $0.key < $1.key }) { try keys[name]?.check(entry) }
        return ConfigLayers(
            merged,
            warnings: warnings + tokenWarnings(merged),
            keys: keys,
            secretTexts: secretTexts,
            environment: environment
        )
    }

    private mutating func add(_ map: YAMLMap, _ path: String) {
        for entry in map.entries { set(entry.key, entry.value, .file(path, line: entry.line)) }
    }

    /// A key without a value (`key:`) leaves the lower layers' value.
    private mutating func set(_ name: String, _ value: YAMLValue, _ origin: Origin) {
        guard value != .null else { return }
        if secrets[name] != nil, let text = value.stringValue {
            secretTexts.append(ConfigLayers.SecretText(key: name, text: text))
        }
        entries[name] = Config.Entry(OlderNames.currentValue(value, of: name), origin)
    }

    private func path(of file: LayerFile) throws -> String {
        var lookup: [String: Config.Entry] = entries
        lookup.merge(redirections) { $1 }
        let expander = TokenExpander(entries: lookup, keys: keys, environment: environment)
        guard let entry = lookup[file.rawValue] else { throw ConfigError(.missingKey, "\(file.rawValue) is not set") }
        guard let text = entry.value.stringValue else {
            throw ConfigError.wrongType(file.rawValue, entry, expected: String.expectation)
        }
        return try expander.expand(text, of: file.rawValue)
    }

    private func read(_ path: String) throws -> YAMLDocument? {
        guard let workingDirectory, workingDirectory != ".", !path.hasPrefix("/") else {
            return try YAMLDocument.loadIfPresent(path: path)
        }
        let relative: Substring = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
        return try YAMLDocument.loadIfPresent(path: "\(workingDirectory)/\(relative)")
    }
}

extension LayerMerge {
    private mutating func warnAboutUnknownKeys(_ map: YAMLMap, _ path: String) {
        for entry in map.entries {
            if let warning = unknownKey(entry.key) { warnings.append("\(path):\(entry.line): \(warning)") }
        }
    }

    private func unknownKey(_ name: String) -> String? {
        let isKnown: Bool = keys[name] != nil || OlderNames.keys[name] != nil || keys.isAlias(name)
        guard !isKnown, !localKeys.contains(name) else { return nil }
        let nearest: String? = EditDistance.nearest(to: name, among: Array(keys.names) + Array(localKeys))
        let shown: String = name.escapingControlCharacters
        return "unknown key '\(shown)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }

    private func tokenWarnings(_ entries: [String: Config.Entry]) -> [String] {
        let expander = TokenExpander(entries: entries, keys: keys, environment: environment)
        return entries.sorted { $0.key < $1.key }.flatMap { name, entry -> [String] in
            guard entry.origin != .builtIn, secrets[name] != .value, let text = entry.value.stringValue else {
                return []
            }
            return expander.suspicions(text).map { "\(entry.origin): \(name): \($0)" }
        }
    }
}
