/// Why an operation on the state failed.
///
/// `description` is one line that says what failed, on which node, and what to do; it never contains a secret.
public struct StateError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it.
    public enum Code: Sendable, Hashable {
        /// The node exists already.
        case nodeExists
        /// The node, or the parent of a node to create, does not exist.
        case noNode
        /// The node has another version than the one that was expected.
        case badVersion
        /// The node has children.
        case notEmpty
        /// The node's bytes are not the message that belongs there.
        case corrupted
        /// The data is larger than the back end takes.
        case tooLarge
        /// The path cannot name a node.
        case invalidPath
        /// Neither the credentials nor the file permissions allow it.
        case notAuthorized
        /// The deadline passed. Whether a write took place is unknown.
        case timeout
        /// The state cannot be reached; nothing was changed.
        case connectionLost
        /// The manager was closed.
        case closed
        /// The settings are not usable.
        case badConfiguration
        /// The file system, or anything else below, reported an error.
        case io
    }

    public let code: Code
    /// The node, or an empty string where no node is concerned.
    public let path: String
    public let message: String
    /// What to do about it, if more can be said than the message does.
    public let hint: String?

    public init(_ code: Code, path: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.hint = hint
    }

    public var description: String {
        let place: String = path.isEmpty ? "" : "state node \(path): "
        let advice: String = hint.map { "; \($0)" } ?? ""
        return "\(place)\(message)\(advice)"
    }
}
