import HeronYAML

/// One `--config-property KEY=VALUE`: an entry of `override.yaml`, which overrides every yaml file.
public struct ConfigProperty: Sendable, Hashable {
    public let key: String
    /// A boolean for the six spellings of true and false, else the text.
    public let value: YAMLValue

    public init(key: String, value: YAMLValue) {
        self.key = key
        self.value = value
    }

    /// Reads `key=value` by Heron's rules: exactly one `=`. Throws ``ConfigError`` `invalidProperty`,
    /// also for keys that no file could carry.
    public init(parsing text: String) throws {
        let parts: [Substring] = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ConfigError(
                .invalidProperty,
                "--config-property \(text.escapingControlCharacters): expected key=value with exactly one '='"
            )
        }
        guard ConfigProperty.isKey(parts[0]) else {
            throw ConfigError(
                .invalidProperty,
                "--config-property \(text.escapingControlCharacters): a key has at most \(maximumKeySize) bytes and no "
                    + "control characters"
            )
        }
        key = String(parts[0])
        value =
            switch parts[1] {
            case "true", "True", "TRUE": .bool(true)
            case "false", "False", "FALSE": .bool(false)
            default: .string(String(parts[1]))
            }
    }

    private static func isKey(_ text: Substring) -> Bool {
        text.utf8.count <= maximumKeySize
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// The text of the `override.yaml` that carries the properties to the containers. A key's last property wins.
    public static func overrideFile(_ properties: [ConfigProperty]) -> String {
        let last = YAMLMap(properties.map { ($0.key, $0.value) })
        return YAMLWriter.blockMap(last.entries.map { ($0.key, $0.value) })
    }
}

/// Escaped as YAML may have to, a key must not exceed the 1024 characters that YAML 1.1 allows it.
private let maximumKeySize = 256

extension String {
    /// The text on one line and without terminal control sequences, for messages that repeat what a user typed.
    var escapingControlCharacters: String {
        unicodeScalars.map {
            $0.properties.generalCategory == .control ? "\\u{\(String($0.value, radix: 16))}" : "\($0)"
        }
        .joined()
    }
}
