import Synchronization

/// The streams that a client has handed out, which end with it, and whether it has been closed.
final class OpenStreams: Sendable {
    private struct State {
        var isClosed = false
        var ends: [UInt64: @Sendable () -> Void] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Keeps what ends a stream; returns a number for ``remove(_:)``, or nil if the client is closed.
    func add(_ end: @escaping @Sendable () -> Void) -> UInt64? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.nextID += 1
            state.ends[state.nextID] = end
            return state.nextID
        }
    }

    func remove(_ id: UInt64) {
        state.withLock { _ = $0.ends.removeValue(forKey: id) }
    }

    /// Ends all streams; false if that was done before.
    func close() -> Bool {
        let ends = state.withLock { state -> [@Sendable () -> Void]? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            defer { state.ends = [:] }
            return Array(state.ends.values)
        }
        for end in ends ?? [] { end() }
        return ends != nil
    }
}
