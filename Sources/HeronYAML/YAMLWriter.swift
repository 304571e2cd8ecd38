/// Writes flat maps in the form of Heron's `override.yaml`, readable by every YAML 1.1 reader.
public enum YAMLWriter {
    /// A block map, one `key: value` line each; `{}` and a newline if there are no entries.
    ///
    /// Lists and maps among the values are written on the key's line. Text that another type could be read from is
    /// quoted (`a.b: '3'`).
    public static func blockMap(_ entries: [(key: String, value: YAMLValue)]) -> String {
        guard !entries.isEmpty else { return "{}\n" }
        return entries.map { "\(text($0.key)): \(scalarOrFlow($0.value))\n" }.joined()
    }

    private static func scalarOrFlow(_ value: YAMLValue) -> String {
        if case .string(let string) = value { text(string) } else { flow(value) }
    }

    private static func flow(_ value: YAMLValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): number(value)
        case .string(let value): quoted(value)
        case .list(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
        case .map(let map):
            "{" + map.entries.map { "\(quoted($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return ".nan" }
        if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
        // PyYAML takes `1e+20` for text: the mantissa needs a point.
        let text: String = "\(value)"
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    private static func text(_ value: String) -> String {
        isSafePlain(value) ? value : quoted(value)
    }

    /// Whether every reader takes the unquoted text for this very string. Rather quotes too much than too little.
    private static func isSafePlain(_ value: String) -> Bool {
        guard let first = value.utf8.first, case .string = YAMLScalar.resolve(value) else { return false }
        let isLetter: Bool = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first & 0xDF)
        let isPathStart: Bool = value.hasPrefix("/") || value.hasPrefix("./") || value.hasPrefix("${")
        guard isLetter || isPathStart, !value.hasSuffix(":") else { return false }
        return value.utf8.allSatisfy(isSafePlainByte)
    }

    private static func isSafePlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-")...UInt8(ascii: ":"):  // - . / 0…9 :
            true
        default: "_$@+={}".utf8.contains(byte)
        }
    }

    private static func quoted(_ value: String) -> String {
        let needsEscapes: Bool = value.unicodeScalars.contains { !isPrintable($0) }
        guard needsEscapes else { return "'" + value.split("'", joinedBy: "''") + "'" }
        return "\"" + value.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        (0x20...0x7E).contains(scalar.value) || (0xA0...0xD7FF).contains(scalar.value) && !isLineBreak(scalar)
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool { (0x2028...0x2029).contains(scalar.value) }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        guard !isPrintable(scalar) else { return String(scalar) }
        let hex: String = String(scalar.value, radix: 16, uppercase: true)
        return "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
    }
}

extension String {
    /// The text with every occurrence of one character replaced.
    fileprivate func split(_ separator: Character, joinedBy replacement: String) -> String {
        split(separator: separator, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
