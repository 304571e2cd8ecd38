/// A value read from YAML, with the types that Heron's own readers (SnakeYAML, PyYAML) give to it.
public enum YAMLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case list([YAMLValue])
    case map(YAMLMap)

    /// What the value is, for messages: `a string`, `a list` …
    public var typeName: String {
        switch self {
        case .null: "nothing"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// The text of a string; nil for every other type.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of a boolean; nil for every other type.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of an integer; nil for every other type.
    public var intValue: Int64? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The value of a number with or without a fraction; nil for every other type.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// The elements of a list; nil for every other type.
    public var listValue: [YAMLValue]? {
        if case .list(let value) = self { value } else { nil }
    }

    /// The entries of a map; nil for every other type.
    public var mapValue: YAMLMap? {
        if case .map(let value) = self { value } else { nil }
    }
}

/// A map in the order in which it was written. Keys are text; no key occurs twice.
///
/// Two maps are equal if they hold equal entries in the same order; the lines do not count.
public struct YAMLMap: Sendable, Hashable {
    /// A key with its value.
    public struct Entry: Sendable, Hashable {
        public let key: String
        public let value: YAMLValue
        /// The line of the key in its file, from 1; 0 for an entry that was not read from a file.
        public let line: Int

        public static func == (left: Entry, right: Entry) -> Bool {
            left.key == right.key && left.value == right.value
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            hasher.combine(value)
        }
    }

    /// The entries as written.
    public private(set) var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    /// An empty map.
    public init() {}

    /// A map of the given entries; of entries with the same key the last one wins.
    public init(_ entries: [(String, YAMLValue)]) {
        for (key, value) in entries { set(key, value, line: 0) }
    }

    public static func == (left: YAMLMap, right: YAMLMap) -> Bool { left.entries == right.entries }

    public func hash(into hasher: inout Hasher) { hasher.combine(entries) }

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key; nil if the map does not have it.
    public subscript(key: String) -> YAMLValue? { entry(key)?.value }

    /// The entry of a key; nil if the map does not have it.
    public func entry(_ key: String) -> Entry? { positions[key].map { entries[$0] } }

    /// Sets a key's value: in its place if the map has the key, else at the end.
    mutating func set(_ key: String, _ value: YAMLValue, line: Int) {
        let entry: Entry = Entry(key: key, value: value, line: line)
        if let position = positions[key] {
            entries[position] = entry
        } else {
            positions[key] = entries.count
            entries.append(entry)
        }
    }
}

// So that tables of values read like the yaml that they stand for.

extension YAMLValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
}

extension YAMLValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension YAMLValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self = .int(value) }
}

extension YAMLValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { self = .double(value) }
}
