import HeronYAML

/// The effective configuration for people: every value with its origin, secrets masked.
public enum ConfigReport {
    /// One line of `heron config <cluster> show`.
    public struct Row: Sendable, Hashable {
        public let key: String
        /// The value as text; `********` for a secret.
        public let value: String
        public let origin: String
    }

    /// All values, sorted by key.
    public static func rows(_ config: Config) -> [Row] {
        config.entries.map { Row(key: $0.key, value: text($0.value.value, of: $0.key), origin: "\($0.value.origin)") }
            .sorted { $0.key < $1.key }
    }

    /// Whether a key's name says that its value is nobody's business.
    public static func isSecret(_ key: String) -> Bool {
        let name: String = key.lowercased()
        return secretWords.contains { name.contains($0) } && !placeEndings.contains { name.hasSuffix($0) }
    }

    /// A value on one line, with secrets masked: those of keys that look like one, inside maps too, and passwords in
    /// URLs.
    static func text(_ value: YAMLValue, of key: String) -> String {
        let shown: YAMLValue = masked(value, key)
        return plainText(shown).escapingControlCharacters
    }

    /// A value as one line of text; strings as they are, lists and maps in YAML's flow style.
    public static func plainText(_ value: YAMLValue) -> String {
        if case .string(let text) = value { return text }
        return String(YAMLWriter.blockMap([("k", value)]).dropFirst("k: ".count).dropLast())
    }

    private static let mask = "********"
    private static let secretWords = [
        "secret", "password", "passwd", "token", "access_key", "private_key", "credential", "auth.",
    ]
    /// Keys that say where a secret is, or how it is used, and do not hold it.
    private static let placeEndings = [".auth.file", ".auth.scheme"]

    private static func masked(_ value: YAMLValue, _ key: String) -> YAMLValue {
        switch value {
        case .map(let map): return .map(YAMLMap(map.entries.map { ($0.key, masked($0.value, $0.key)) }))
        case .list(let values): return .list(values.map { masked($0, key) })
        case .null, .bool: return value
        case .int, .double, .string:
            if isSecret(key) { return .string(mask) }
            return value.stringValue.map { .string(maskingPassword($0)) } ?? value
        }
    }

    /// `scheme://user:password@host` without the password.
    public static func maskingPassword(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority: Substring = text[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return text
        }
        return text[...colon] + mask + text[at...]
    }
}
