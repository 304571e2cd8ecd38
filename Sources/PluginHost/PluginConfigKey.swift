/// A configuration key that a plugin reads, as its manifest declares it.
public struct PluginConfigKey: Sendable, Hashable {
    /// What a key's value must look like.
    public enum ValueType: String, Sendable, CaseIterable {
        case string
        case integer
        case number
        case boolean
    }

    /// What of a key must not leave the machines of the submitter and the scheduler. The raw value is that of a
    /// manifest's `secret`.
    public enum Secret: String, Sendable, CaseIterable {
        /// The file that its value names.
        case file
        /// Its value, and the file if that names one.
        case value
    }

    public let key: String
    public let type: ValueType
    /// The value where no configuration sets the key; may hold `${TOKENS}`.
    public let defaultValue: String?
    /// One line for people.
    public let help: String
    /// Other names that set the key where the plugin is used and nothing else sets it.
    public let aliases: [String]
    /// Nil if nothing is secret.
    public let secret: Secret?

    public init(
        key: String,
        type: ValueType,
        defaultValue: String?,
        help: String,
        aliases: [String] = [],
        secret: Secret? = nil
    ) {
        self.key = key
        self.aliases = aliases
        self.secret = secret
        self.type = type
        self.defaultValue = defaultValue
        self.help = help
    }
}

extension PluginConfigKey.ValueType {
    /// The value as plugins get it, or nil if it is not of this type: booleans as `true` or `false`, the rest as
    /// written.
    func normalized(_ text: String) -> String? {
        switch self {
        case .string: text
        case .integer: Int64(text) == nil ? nil : text
        case .number: Double(text).map(\.isFinite) == true ? text : nil
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "on": "true"
            case "false", "no", "off": "false"
            default: nil
            }
        }
    }
}
