import Synchronization

/// The ephemeral nodes that a client has created and that stand, as far as it knows: what a new session has to create
/// again.
///
/// Each is watched, so that one that somebody deleted on purpose is not created again, and one that somebody has written
/// to comes back with those bytes.
final class EphemeralNodes: Sendable {
    struct Node: Sendable {
        /// Whose node it is, of those who share the client.
        let user: UInt64
        var data: [UInt8]
        fileprivate var watch: UInt64?
        fileprivate let serial: UInt64
    }

    private struct State {
        var nodes: [String: Node] = [:]
        var nextSerial: UInt64 = 0
        /// The session that the nodes belong to; nil while there is none, or they are being created again.
        var session: Int64?
    }

    private let state = Mutex(State())
    private let watches: WatchRegistry

    init(watches: WatchRegistry) {
        self.watches = watches
    }

    /// To be called when a session stands and all nodes have been created in it.
    func belong(to session: Int64) {
        state.withLock { $0.session = session }
    }

    /// To be called when the session has ended: what is read from now on says nothing about the nodes.
    func sessionEnded() {
        state.withLock { $0.session = nil }
    }

    func add(_ path: String, _ data: [UInt8], user: UInt64) {
        let (serial, replaced) = state.withLock { state -> (UInt64, Node?) in
            state.nextSerial += 1
            let replaced = state.nodes[path]
            state.nodes[path] = Node(user: user, data: data, watch: nil, serial: state.nextSerial)
            return (state.nextSerial, replaced)
        }
        unwatch(path, replaced)
        // Without a watch it is only less well known what to do after a lost session.
        guard let watch = try? watches.add(key(path), { [weak self] in self?.observed(path, serial, $0) }) else {
            return
        }
        let isOver = state.withLock { state in
            guard state.nodes[path]?.serial == serial else { return true }
            state.nodes[path]?.watch = watch
            return false
        }
        if isOver { watches.remove(key(path), watch) }
    }

    /// As ``add(_:_:user:)``, unless the node is known already.
    func addIfUnknown(_ path: String, _ data: [UInt8], user: UInt64) {
        if state.withLock({ $0.nodes[path] == nil }) { add(path, data, user: user) }
    }

    func set(_ path: String, _ data: [UInt8]) {
        state.withLock { $0.nodes[path]?.data = data }
    }

    func remove(_ path: String) {
        unwatch(path, state.withLock { $0.nodes.removeValue(forKey: path) })
    }

    /// All nodes, or those of one user, sorted by path.
    func all(of user: UInt64? = nil) -> [(path: String, node: Node)] {
        state.withLock { state in
            state.nodes.filter { user == nil || $0.value.user == user }.map { ($0.key, $0.value) }
        }.sorted { $0.0 < $1.0 }
    }

    private func key(_ path: String) -> WatchKey { WatchKey(path: path, kind: .data) }

    private func unwatch(_ path: String, _ node: Node?) {
        if let watch = node?.watch { watches.remove(key(path), watch) }
    }

    private func observed(_ path: String, _ serial: UInt64, _ result: Result<WatchedValue, ZooKeeperError>) {
        guard case .success(.node(let found)) = result else { return }
        let gone = state.withLock { state -> Node? in
            guard let session = state.session, state.nodes[path]?.serial == serial else { return nil }
            guard let found, found.stat.ephemeralOwner == session else { return state.nodes.removeValue(forKey: path) }
            state.nodes[path]?.data = found.data
            return nil
        }
        unwatch(path, gone)
    }
}
