import HeronYAML

/// A configuration key that someone reads: Heron itself or a plugin.
public struct KnownKey: Sendable {
    /// The type that a key's values must have.
    public enum ValueType: Sendable, Hashable {
        case string, boolean, integer, number, bytes, map
        /// Whatever the yaml file says; the reader decides.
        case any
    }

    /// What of a key must not leave the machines of the submitter and the scheduler.
    public enum Secret: Sendable, Hashable {
        /// The file that its value names.
        case file
        /// Its value, and the file if that names one.
        case value
    }

    public let name: String
    public let type: ValueType
    /// The value where nobody sets one, before token expansion; nil for none.
    public let defaultValue: YAMLValue?
    /// The name that refers to the key's value as `${TOKEN}`; nil if none does.
    public let token: String?
    /// Nil if nothing is.
    public let secret: Secret?
    let aliases: [KeyAlias]

    /// A key as a plugin declares it.
    ///
    /// - Parameters:
    ///   - aliases: other names of the key; several plugins may declare the same one.
    ///   - classes: the plugin's classes. An alias counts where `heron.class.scheduler` or `heron.class.launcher` is one
    ///     of them.
    public init(
        _ name: String,
        _ type: ValueType,
        default defaultValue: YAMLValue? = nil,
        aliases: [String] = [],
        classes: [String] = [],
        secret: Secret? = nil
    ) {
        let classes = Set(classes.map(OlderNames.currentClass))
        let others = aliases.map { KeyAlias(name: $0, key: name, classes: classes) }
        self.init(nil, name, type, defaultValue, others, secret)
    }

    init(
        _ token: String?,
        _ name: String,
        _ type: ValueType,
        _ defaultValue: YAMLValue? = nil,
        _ aliases: [KeyAlias] = [],
        _ secret: Secret? = nil
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.token = token
        self.aliases = aliases
        self.secret = secret
    }

    /// Throws ``ConfigError`` `wrongType` if the entry's value is not of the key's type.
    func check(_ entry: Config.Entry) throws {
        guard let expected = mismatch(entry.value) else { return }
        throw ConfigError.wrongType(name, entry, expected: expected)
    }

    /// What the value should have been; nil if it is right.
    private func mismatch(_ value: YAMLValue) -> String? {
        func expectation<Value: ConfigValue>(_: Value.Type) -> String? {
            Value(configValue: value) == nil ? Value.expectation : nil
        }
        return switch type {
        case .string: expectation(String.self)
        case .boolean: expectation(Bool.self)
        case .integer: expectation(Int.self)
        case .number: expectation(Double.self)
        case .bytes: expectation(ByteCount.self)
        case .map: expectation(YAMLMap.self)
        case .any: nil
        }
    }
}

/// The known keys, looked up by name and by token.
struct KnownKeys: Sendable {
    private let byName: [String: KnownKey]
    private let nameByToken: [String: String]
    /// The plugins' other names of their keys.
    let aliases: [KeyAlias]
    private let aliasNames: Set<String>

    /// Heron's keys and those of plugins; where both declare a key, Heron's declaration counts.
    init(adding plugins: [KnownKey]) {
        aliases = plugins.flatMap(\.aliases)
        aliasNames = Set(aliases.map(\.name))
        let all: [KnownKey] = plugins + KnownKey.heron
        byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        nameByToken = Dictionary(all.compactMap { key in key.token.map { ($0, key.name) } }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> KnownKey? { byName[name] }

    var names: some Sequence<String> { byName.keys }

    /// What is secret about each key, by every name of it.
    var secrets: [String: KnownKey.Secret] {
        var found: [String: KnownKey.Secret] = byName.compactMapValues(\.secret)
        for alias in aliases { found[alias.name] = found[alias.name] ?? byName[alias.key]?.secret }
        return found
    }

    func isAlias(_ name: String) -> Bool { aliasNames.contains(name) }

    var tokens: some Sequence<String> { nameByToken.keys }

    /// The name of the key whose value a token stands for. `TOPOLOGY` is an older name of `TOPOLOGY_NAME`.
    func name(ofToken token: String) -> String? {
        nameByToken[token == "TOPOLOGY" ? "TOPOLOGY_NAME" : token]
    }

    /// The lowest layer: every key's default.
    var defaults: [String: Config.Entry] {
        byName.compactMapValues { key in key.defaultValue.map { Config.Entry($0, .builtIn) } }
    }
}

extension KnownKey {
    /// Every key that Heron 0.20.5 and this implementation read.
    static let heron: [KnownKey] =
        directories + commands + classes + packages + runtime + binaries + schedulers + stateManagers + uploaders
        + healthManager + checkpoints
}
