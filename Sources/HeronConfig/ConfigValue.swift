import HeronYAML

/// A type that configuration values can have.
public protocol ConfigValue: Sendable {
    /// What a value of the type looks like, for messages: `a whole number` …
    static var expectation: String { get }

    /// The value, or nil if the YAML value is of another type.
    init?(configValue: YAMLValue)
}

/// An amount of memory or disk space, in bytes; 0 or more.
public struct ByteCount: Sendable, Hashable {
    public let count: Int64

    public init(_ count: Int64) {
        self.count = count
    }
}

extension String: ConfigValue {
    public static var expectation: String { "a string (put it in quotes)" }

    public init?(configValue: YAMLValue) {
        guard let value = configValue.stringValue else { return nil }
        self = value
    }
}

extension Bool: ConfigValue {
    public static var expectation: String { "true or false (without quotes)" }

    public init?(configValue: YAMLValue) {
        guard let value = configValue.boolValue else { return nil }
        self = value
    }
}

extension Int: ConfigValue {
    public static var expectation: String { "a whole number" }

    // Heron takes numbers in quotes too, which is what `--config-property` makes of them.
    public init?(configValue: YAMLValue) {
        switch configValue {
        case .int(let value): self = Int(value)
        case .string(let text):
            guard let value = Int(text) else { return nil }
            self = value
        default: return nil
        }
    }
}

extension Double: ConfigValue {
    public static var expectation: String { "a number" }

    public init?(configValue: YAMLValue) {
        guard let value = configValue.doubleValue ?? configValue.stringValue.flatMap(Double.init), value.isFinite else {
            return nil
        }
        self = value
    }
}

extension ByteCount: ConfigValue {
    public static var expectation: String { "a number of bytes, 0 or more" }

    public init?(configValue: YAMLValue) {
        guard let count = Int(configValue: configValue), count >= 0 else { return nil }
        self.init(Int64(count))
    }
}

extension YAMLMap: ConfigValue {
    public static var expectation: String { "a map" }

    public init?(configValue: YAMLValue) {
        guard let value = configValue.mapValue else { return nil }
        self = value
    }
}
