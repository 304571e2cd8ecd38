internal import CZooKeeper

/// What the C client's watcher tells about the session or a node.
enum HandleEvent: Sendable {
    /// The session stands: its id, and the timeout that the server has granted.
    case connected(session: Int64, timeout: Duration)
    /// The connection broke; the C client tries the servers one after another.
    case disconnected
    case expired
    case authenticationFailed
    /// Servers serve, and the handle gets no session all the same. Not the C client's: it waits for most of the session
    /// timeout for the answer of a server that may never come, after a restart at a bad moment for example.
    case stalled
    /// A watched node was created, deleted, or got other data.
    case nodeChanged(String)
    /// A watched node got other children.
    case childrenChanged(String)
    /// A watched node was created or deleted, which concerns those who watch its data and its children.
    case nodeCameOrWent(String)
}

extension HandleEvent {
    /// The event from the arguments of the C client's `watcher_fn`; nil for one that needs no reaction.
    init?(_ handle: OpaquePointer?, type: Int32, state: Int32, path: UnsafePointer<CChar>?) {
        let node = path.map { String(cString: $0) } ?? ""
        switch type {
        case ZOO_SESSION_EVENT: self.init(handle, state: state)
        case ZOO_CREATED_EVENT, ZOO_DELETED_EVENT: self = .nodeCameOrWent(node)
        case ZOO_CHANGED_EVENT: self = .nodeChanged(node)
        case ZOO_CHILD_EVENT: self = .childrenChanged(node)
        default: return nil
        }
    }

    private init?(_ handle: OpaquePointer?, state: Int32) {
        switch state {
        case ZOO_CONNECTED_STATE:
            let session = zoo_client_id(handle)?.pointee.client_id ?? 0
            self = .connected(session: session, timeout: .milliseconds(zoo_recv_timeout(handle)))
        case ZOO_EXPIRED_SESSION_STATE: self = .expired
        case ZOO_AUTH_FAILED_STATE: self = .authenticationFailed
        case ZOO_CONNECTING_STATE, ZOO_ASSOCIATING_STATE, ZOO_NOTCONNECTED_STATE: self = .disconnected
        default: return nil
        }
    }
}
