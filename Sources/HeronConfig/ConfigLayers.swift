import HeronYAML

/// A configuration whose layers are merged and whose tokens are not yet expanded. Made by ``ConfigLoader``.
public struct ConfigLayers: Sendable {
    /// What is suspicious but usable, one line each: unknown keys and misspelt tokens.
    public let warnings: [String]
    private var entries: [String: Config.Entry]
    private let keys: KnownKeys
    private let secretTexts: [SecretText]
    private let environment: UserEnvironment

    /// What one layer says about a secret key, before token expansion.
    struct SecretText: Sendable {
        let key: String
        let text: String
    }

    init(
        _ entries: [String: Config.Entry],
        warnings: [String],
        keys: KnownKeys,
        secretTexts: [SecretText],
        environment: UserEnvironment
    ) {
        self.entries = entries
        self.warnings = warnings
        self.keys = keys
        self.secretTexts = secretTexts
        self.environment = environment
    }

    /// Sets one value more, above all layers. Its tokens are expanded like any other's.
    public mutating func set<Value>(_ key: Config.Key<Value>, _ value: YAMLValue, _ origin: Origin) {
        entries[key.name] = Config.Entry(value, origin)
    }

    /// Adds the keys of a topology that became known after loading.
    public mutating func set(_ topology: TopologyKeys) {
        for (name, value) in topology.values { entries[name] = Config.Entry(value, .topology) }
    }

    /// The configuration as the command sees it on the submitting machine. Throws ``ConfigError`` `circularTokens`.
    public func local() throws -> Config { try expanded(entries) }

    /// The configuration as a container sees it: home and configuration directory are `heron.directory.cluster.home` and
    /// `…conf`, by default `./heron-core` and `./heron-conf`. Throws ``ConfigError`` `circularTokens`.
    public func cluster() throws -> Config {
        var moved: [String: Config.Entry] = entries
        moved[Config.Key.home.name] = entries[Config.Key.clusterHome.name]
        moved[Config.Key.conf.name] = entries[Config.Key.clusterConf.name]
        return try expanded(moved)
    }

    /// What of the configuration must stay on this machine and the scheduler's. Throws ``ConfigError``
    /// `circularTokens`, and `FileError` if a path is relative and the working directory is gone.
    public func secrets() throws -> ConfigSecrets {
        let secrets: [String: KnownKey.Secret] = keys.secrets
        let expander = TokenExpander(entries: entries, keys: keys, environment: environment)
        let given: [(key: String, value: YAMLValue)] = try local().entries.sorted { $0.key < $1.key }
            .compactMap { key, entry in
                try secrets[key].map { (key, try ConfigSecrets.given(entry.value, $0)) }
            }
        // A value that was overridden may be of no use; then it names no file.
        let overridden: [String] = secretTexts.compactMap { try? expander.expand($0.text, of: $0.key) }
        return ConfigSecrets(
            keys: Set(secrets.filter { $0.value == .value }.keys),
            files: Set((overridden + given.compactMap(\.value.stringValue)).compactMap(ConfigSecrets.file)),
            given: given
        )
    }

    private func expanded(_ entries: [String: Config.Entry]) throws -> Config {
        let expander = TokenExpander(entries: entries, keys: keys, environment: environment)
        var result: [String: Config.Entry] = entries
        for (name, entry) in entries {
            guard case .string(let text) = entry.value else { continue }
            result[name] = Config.Entry(.string(try expander.expand(text, of: name)), entry.origin)
        }
        return Config(entries: result)
    }
}
