import Synchronization

/// What ends with a manager: its ephemeral nodes, and whether it is open at all.
final class LocalSession: Sendable {
    private struct State {
        var isClosed = false
        var ephemerals: Set<StatePath> = []
        var nextID: UInt64 = 0
        var listeners: [UInt64: AsyncStream<SessionEvent>.Continuation] = [:]
    }

    let owner: ProcessOwner
    private let state = Mutex(State())

    init(owner: ProcessOwner) {
        self.owner = owner
    }

    func checkOpen(_ path: String) throws {
        guard !state.withLock(\.isClosed) else {
            throw StateError(.closed, path: path, "the state manager is closed")
        }
    }

    /// False if the session was closed before.
    func close() -> Bool {
        let listeners = state.withLock { state -> [AsyncStream<SessionEvent>.Continuation]? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners ?? [] { listener.finish() }
        return listeners != nil
    }

    /// A number that this session has not given before.
    func newID() -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    func add(_ ephemerals: some Sequence<StatePath>) {
        state.withLock { $0.ephemerals.formUnion(ephemerals) }
    }

    /// All nodes that the session has created as ephemeral; others may have deleted or taken over some of them.
    var ephemerals: [StatePath] {
        state.withLock { Array($0.ephemerals) }
    }

    /// Files have no session to lose: nothing is ever told but the end.
    func events() -> AsyncStream<SessionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionEvent.self)
        let id = newID()
        let isOpen = state.withLock { state in
            if !state.isClosed { state.listeners[id] = continuation }
            return !state.isClosed
        }
        guard isOpen else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
