/// The environment variable through which a topology's program learns where and how to write its definition.
///
/// Format (Heron 0.20.5): `key=value` pairs joined by commas, every space written as `%%%%`. Neither a comma nor, for
/// Java's reader, a second `=` can be escaped.
struct HeronOptions {
    static let variable = "HERON_OPTIONS"

    private(set) var pairs: [(key: String, value: String)] = []

    mutating func add(_ key: String, _ value: String) throws {
        guard !value.contains(",") else {
            throw SubmissionError(
                "\(HeronOptions.variable) cannot carry '\(value)' (\(key)): it contains a comma",
                hint: "rename the file, role or environ"
            )
        }
        pairs.append((key, value))
    }

    var encoded: String {
        var result = ""
        for (index, pair) in pairs.enumerated() {
            if index > 0 { result += "," }
            result += "\(pair.key)=\(pair.value)"
        }
        return result.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%%%%")
    }
}
