import HeronYAML

/// JVM options as they stand in the executor's command line: base64 in double quotes, with `=` as `(61)` or, from older
/// clients, as `&equals;`.
enum EncodedOptions {
    /// One string of options, split at white space.
    static func list(_ text: String, option: String) throws -> [String] {
        try decode(text, option: option).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Options by component: empty, or a JSON object whose keys and values are base64 again.
    static func byComponent(_ text: String, option: String) throws -> [String: [String]] {
        let json = try decode(text, option: option)
        var result: [String: [String]] = [:]
        // Every JSON text is a YAML text.
        for entry in try YAMLDocument.parse(json, name: option).map().entries {
            guard let value = entry.value.stringValue else {
                throw ExecutorError("\(option): the options of '\(entry.key)' are not a string")
            }
            let component = try plain(entry.key, option: option)
            result[component] = try plain(value, option: option).split(whereSeparator: \.isWhitespace).map(String.init)
        }
        return result
    }

    private static func decode(_ text: String, option: String) throws -> String {
        let quotes = text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
        let bare = quotes ? String(text.dropFirst().dropLast()) : text
        return try plain(bare.replacing("(61)", with: "=").replacing("&equals;", with: "="), option: option)
    }

    private static func plain(_ base64: String, option: String) throws -> String {
        guard let bytes = decodeBase64(base64), let text = String(validating: bytes, as: UTF8.self) else {
            throw ExecutorError("\(option): '\(base64)' is not base64 of a text")
        }
        return text
    }
}

/// Decodes base64 (RFC 4648) with its padding; nil if the text is none.
func decodeBase64(_ text: String) -> [UInt8]? {
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.utf8.dropFirst(digits.count)
    guard text.utf8.count.isMultiple(of: 4), padding.count < 3, padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else {
        return nil
    }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    for (index, digit) in digits.enumerated() {
        guard let value = base64Value(digit) else { return nil }
        bits = bits << 6 | value
        // Each digit after a group's first one completes a byte.
        let open = (index % 4 + 1) * 6 % 8
        if index % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(open))) }
    }
    return bytes
}

private func base64Value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
