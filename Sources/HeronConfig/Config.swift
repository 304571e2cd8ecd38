import HeronYAML

/// An effective configuration: every key's value after layering and token expansion, and where it came from.
///
/// A value type; made by ``ConfigLayers/local()`` and ``ConfigLayers/cluster()``.
public struct Config: Sendable {
    /// A value and its origin.
    public struct Entry: Sendable, Hashable {
        public let value: YAMLValue
        public let origin: Origin

        public init(_ value: YAMLValue, _ origin: Origin) {
            self.value = value
            self.origin = origin
        }
    }

    /// A key's name together with the type of its values.
    public struct Key<Value: ConfigValue>: Sendable, Hashable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }
    }

    /// All values that are set, by key name.
    public private(set) var entries: [String: Entry]

    public init(entries: [String: Entry] = [:]) {
        self.entries = entries
    }

    /// The value and origin of a key; nil if it is not set.
    public func entry(_ name: String) -> Entry? { entries[name] }

    /// The same configuration with one value more, or another one.
    public func setting<Value>(_ key: Key<Value>, _ value: YAMLValue, _ origin: Origin) -> Config {
        var copy: Config = self
        copy.entries[key.name] = Entry(value, origin)
        return copy
    }

    /// The value of a key; nil if it is not set. Throws ``ConfigError`` `wrongType`.
    public func find<Value>(_ key: Key<Value>) throws -> Value? {
        guard let entry = entries[key.name] else { return nil }
        guard let value = Value(configValue: entry.value) else {
            throw ConfigError.wrongType(key.name, entry, expected: Value.expectation)
        }
        return value
    }

    /// The value of a key that must be set. Throws ``ConfigError`` `missingKey` or `wrongType`.
    public func value<Value>(_ key: Key<Value>) throws -> Value {
        guard let value = try find(key) else {
            let directory: String = entries[Key<String>.conf.name]?.value.stringValue ?? "the configuration directory"
            throw ConfigError(.missingKey, "\(key.name) is not set; add it to a yaml file in \(directory)")
        }
        return value
    }

    /// The text of a key that must be set. Throws ``ConfigError``.
    public func string(_ key: Key<String>) throws -> String { try value(key) }

    /// The truth of a key that must be set. Throws ``ConfigError``.
    public func bool(_ key: Key<Bool>) throws -> Bool { try value(key) }

    /// The whole number of a key that must be set. Throws ``ConfigError``.
    public func int(_ key: Key<Int>) throws -> Int { try value(key) }

    /// The number of a key that must be set. Throws ``ConfigError``.
    public func double(_ key: Key<Double>) throws -> Double { try value(key) }

    /// The amount of a key that must be set, in bytes. Throws ``ConfigError``.
    public func bytes(_ key: Key<ByteCount>) throws -> Int64 { try value(key).count }

    /// Every value as text, by key name, for those who read configuration untyped (plugins, the state library).
    ///
    /// Booleans are `true` and `false`; lists and maps are YAML flow text.
    public var texts: [String: String] { entries.mapValues { ConfigReport.plainText($0.value) } }
}
