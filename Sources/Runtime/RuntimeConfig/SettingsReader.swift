import HeronYAML

/// Typed access to the entries of a yaml file and its override.
struct SettingsReader {
    struct Entry {
        let value: YAMLValue
        let file: String
        let line: Int
    }

    private(set) var entries: [String: Entry] = [:]

    /// No entries: every setting has its default.
    init() {}

    /// The entries of the file, overridden by those of the override file, which may be missing. Of a key that a file has
    /// under an older and under today's name, today's counts. Throws ``YAMLError``.
    init(file: String, overrideFile: String?, renaming current: (String) -> String = { $0 }) throws {
        try add(try YAMLDocument.load(path: file), current)
        if let overrideFile, let document = try YAMLDocument.loadIfPresent(path: overrideFile) {
            try add(document, current)
        }
    }

    private mutating func add(_ document: YAMLDocument, _ current: (String) -> String) throws {
        let map: YAMLMap = try document.map()
        for entry in map.entries where entry.value != .null {
            let name: String = current(entry.key)
            if name != entry.key, map[name] != nil { continue }
            entries[name] = Entry(value: entry.value, file: document.name, line: entry.line)
        }
    }

    func text(_ key: String, _ defaultValue: String) throws -> String {
        guard let entry = entries[key] else { return defaultValue }
        guard let text = entry.value.stringValue, !text.isEmpty else { throw failure(key, entry, "a string") }
        return text
    }

    func flag(_ key: String, _ defaultValue: Bool) throws -> Bool {
        guard let entry = entries[key] else { return defaultValue }
        guard let flag = entry.value.boolValue else { throw failure(key, entry, "true or false") }
        return flag
    }

    /// A whole number, 1 or more; in quotes too, as `--config-property` writes it.
    func number(_ key: String, _ defaultValue: Int) throws -> Int {
        guard let entry = entries[key] else { return defaultValue }
        let number: Int? = entry.value.intValue.map(Int.init) ?? entry.value.stringValue.flatMap(Int.init)
        // The bound keeps products with units from overflowing; nothing sensible reaches it.
        guard let number, (1...Int(Int32.max)).contains(number) else {
            throw failure(key, entry, "a whole number above 0")
        }
        return number
    }

    func milliseconds(_ key: String, _ defaultValue: Int) throws -> Duration {
        .milliseconds(try number(key, defaultValue))
    }

    /// A duration in seconds, or in units of that many seconds.
    func seconds(_ key: String, _ defaultValue: Int, unit: Int = 1) throws -> Duration {
        .seconds(try number(key, defaultValue) * unit)
    }

    /// An amount in MiB, as bytes.
    func mebibytes(_ key: String, _ defaultValue: Int) throws -> Int {
        try number(key, defaultValue) << 20
    }

    /// An error about a setting that is valid by itself; blames the entry that is written in a file.
    func conflict(_ key: String, _ other: String, _ message: String) -> RuntimeConfigError {
        let entry: Entry? = entries[key] ?? entries[other]
        return RuntimeConfigError(file: entry?.file ?? "defaults", line: entry?.line ?? 0, message: message)
    }

    private func failure(_ key: String, _ entry: Entry, _ expected: String) -> RuntimeConfigError {
        RuntimeConfigError(
            file: entry.file,
            line: entry.line,
            message: "\(key) must be \(expected), but is \(shown(entry.value))"
        )
    }

    private func shown(_ value: YAMLValue) -> String {
        switch value {
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        case .string(let text): "'\(text)'"
        default: value.typeName
        }
    }
}
