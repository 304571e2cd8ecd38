import HeronModel

/// Reads typed values out of a topology's or a component's settings.
///
/// Heron stores settings as text, or as objects that only the language that wrote them can read. Where a key occurs
/// more than once the first one counts, as in Heron.
struct SettingsReader {
    /// Whose settings these are, for messages.
    let owner: String
    private let entries: [TopologyConfig.KeyValue]

    init(_ config: TopologyConfig, owner: String) {
        self.owner = owner
        entries = config.kvs
    }

    /// The text of a setting, or nil if there is none.
    func text(_ key: String) throws -> String? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        guard entry.hasValue else { throw PackingError.serializedSetting(owner: owner, key: key) }
        return entry.value
    }

    /// A whole number within a range.
    func integer<Value: FixedWidthInteger>(_ key: String, in range: ClosedRange<Value>) throws -> Value? {
        guard let text = try text(key) else { return nil }
        return try parse(text, key: key, in: range)
    }

    /// An amount of RAM or disk, in bytes.
    func bytes(_ key: String) throws -> Int64? {
        try integer(key, in: SettingRange.bytes)
    }

    /// An amount of CPU, in cores.
    func cores(_ key: String) throws -> Double? {
        guard let text = try text(key) else { return nil }
        return try parseCores(text, key: key)
    }

    /// One of the cases of an enumeration, by its raw value.
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: String) throws -> Value? {
        guard let text = try text(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            let known: String = Value.allCases.map(\.rawValue).joined(separator: " or ")
            throw PackingError.invalidSetting(owner: owner, key: key, value: text, expected: known)
        }
        return value
    }

    /// Bytes by component, from `component:bytes,component:bytes`.
    func bytesByComponent(_ key: String, components: Set<String>) throws -> [String: Int64] {
        try map(key, components: components) { try parse($0, key: key, in: SettingRange.bytes) }
    }

    /// Cores by component, from `component:cores,component:cores`.
    func coresByComponent(_ key: String, components: Set<String>) throws -> [String: Double] {
        try map(key, components: components) { try parseCores($0, key: key) }
    }

    private func map<Value>(
        _ key: String,
        components: Set<String>,
        parse: (String) throws -> Value
    ) throws -> [String: Value] {
        var values: [String: Value] = [:]
        for entry in try text(key)?.split(separator: ",") ?? [] where !entry.allSatisfy(\.isWhitespace) {
            let parts: [Substring] = entry.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw PackingError.malformedComponentMap(key: key, entry: String(entry)) }
            let component: String = String(parts[0])
            guard components.contains(component) else {
                throw PackingError.unknownComponent(key: key, component: component)
            }
            // Of a repeated component the last one counts: Heron's setters append.
            values[component] = try parse(String(parts[1]))
        }
        return values
    }

    private func parse<Value: FixedWidthInteger>(
        _ text: String,
        key: String,
        in range: ClosedRange<Value>
    ) throws -> Value {
        guard let value = Value(text), range.contains(value) else {
            let expected: String = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw PackingError.invalidSetting(owner: owner, key: key, value: text, expected: expected)
        }
        return value
    }

    private func parseCores(_ text: String, key: String) throws -> Double {
        guard let value = Double(text), SettingRange.cores.contains(value) else {
            let expected: String = "a number of cores from 0 to \(Int(SettingRange.cores.upperBound))"
            throw PackingError.invalidSetting(owner: owner, key: key, value: text, expected: expected)
        }
        return value
    }
}
