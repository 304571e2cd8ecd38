/// Why a configuration, or an argument that selects one, cannot be used. `description` is one line for the user.
public struct ConfigError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it.
    public enum Code: Sendable, Hashable {
        /// A value has another type than its key takes.
        case wrongType
        /// A key that is needed has no value.
        case missingKey
        /// Tokens that refer to each other for ever.
        case circularTokens
        /// The cluster has no configuration directory.
        case unknownCluster
        /// The argument `cluster/[role]/[environ]` cannot be used.
        case invalidAddress
        /// The text after `--config-property` is not `key=value`.
        case invalidProperty
        /// The topology file's name ends in nothing that Heron knows.
        case unknownPackageType
        /// A property of `heron config` that does not exist.
        case unknownProperty
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension ConfigError {
    static func wrongType(_ key: String, _ entry: Config.Entry, expected: String) -> ConfigError {
        let shown: String = ConfigReport.text(entry.value, of: key)
        return ConfigError(
            .wrongType,
            "\(entry.origin): \(key) must be \(expected), but is \(entry.value.typeName): \(shown)"
        )
    }
}
