/// Why a call to ZooKeeper failed.
public struct ZooKeeperError: Error, Sendable, Hashable {
    /// What went wrong; ZooKeeper's own codes, as far as callers can do something about them.
    public enum Code: Sendable, Hashable {
        case noNode
        case nodeExists
        case badVersion
        case notEmpty
        /// An ephemeral node cannot have children.
        case noChildrenForEphemerals
        /// The node's ACL does not admit this session's user.
        case notAuthorized
        /// The server does not accept the credentials at all.
        case authenticationFailed
        /// No server could be reached before the deadline; nothing was sent.
        case unreachable
        /// The connection broke while the call was under way; whether a write took place is unknown.
        case connectionLost
        /// The deadline passed while the call was under way; whether a write took place is unknown.
        case timeout
        /// The client was closed.
        case closed
        /// Anything else, with the C client's number.
        case other(Int32)
    }

    public let code: Code
    /// The node concerned, as it is called on the server; empty if there is none.
    public let path: String
    /// More about it, for people; may be empty.
    public let detail: String

    public init(_ code: Code, path: String = "", detail: String = "") {
        self.code = code
        self.path = path
        self.detail = detail
    }
}
