import HeronModel
import HeronState

/// A node as it stands, with what its bytes say; never with a secret.
public struct InspectedNode: Sendable {
    public let path: StatePath
    public let kind: NodeKind
    /// Nil if the node cannot be read.
    public let version: Int32?
    /// In bytes; nil if the node cannot be read.
    public let size: Int?
    public let content: NodeContent
    /// The bytes as stored; nil if the node cannot be read, or something in it is secret.
    public let data: [UInt8]?

    init(_ path: StatePath, _ node: StateNode) {
        self.path = path
        kind = NodeKind(path)
        version = node.version
        size = node.data.count
        content = NodeContent(node.data, at: path, kind: kind)
        data =
            switch content {
            case .secret, .json(_, isRedacted: true): nil
            case _ where kind == .secret: nil
            default: node.data
            }
    }

    init(_ path: StatePath, unreadable reason: String) {
        self.path = path
        kind = NodeKind(path)
        version = nil
        size = nil
        content = .damaged(reason)
        data = nil
    }

    /// What is wrong with the node, if something is.
    public var problem: String? {
        if case .damaged(let reason) = content { reason } else { nil }
    }

    /// The node in a line.
    public var summary: NodeSummary {
        NodeSummary(path: path.description, kind: kind.name, version: version, size: size, problem: problem)
    }

    /// The node's message, if it is of that type.
    public func message<M: Message>(_ type: M.Type = M.self) -> M? {
        if case .message(let message) = content { message as? M } else { nil }
    }
}

/// A node in a line; its JSON is the output of `heron state tree`.
public struct NodeSummary: Encodable, Sendable, Hashable {
    public let path: String
    /// See ``NodeKind/name``.
    public let kind: String
    /// Nil if the node cannot be read.
    public let version: Int32?
    /// In bytes; nil if the node cannot be read.
    public let size: Int?
    /// What is wrong with the node, if something is.
    public let problem: String?
}

extension StateError {
    /// Whether the failure is one node's own, so that others are worth reading.
    public var concernsOneNode: Bool {
        switch code {
        case .corrupted, .notAuthorized, .io, .tooLarge, .invalidPath, .notEmpty, .noNode, .nodeExists, .badVersion:
            true
        case .timeout, .connectionLost, .closed, .badConfiguration:
            false
        }
    }
}
