import Synchronization

/// A session that stands: what calls are made with.
struct LiveSession: Sendable {
    let handle: ZooKeeperHandle
    let id: Int64
    /// Which of the client's handles, from 1.
    let attempt: Int
}

/// Whether a client is connected, and those who wait for it or want to be told.
final class SessionState: Sendable {
    fileprivate enum Phase {
        case connecting
        case connected(LiveSession)
        case over(ZooKeeperError)
    }

    /// Told of an event; nil when there will be no more.
    typealias Listener = @Sendable (ZooKeeperSessionEvent?) -> Void
    typealias Waiter = @Sendable (Result<LiveSession, ZooKeeperError>) -> Void

    fileprivate struct State {
        var phase = Phase.connecting
        /// What keeps the client from a session, for messages.
        var trouble = ""
        var waiters: [UInt64: Waiter] = [:]
        var listeners: [UInt64: Listener] = [:]
        var nextID: UInt64 = 0
        /// The sessions so far, the last few of them.
        var sessions: [Int64] = []
    }

    private let state = Mutex(State())

    /// The session, as soon as it stands; `unreachable` when the deadline passes before.
    func session(before deadline: ContinuousClock.Instant, _ path: String) async throws -> LiveSession {
        if let session = try current() { return session }
        let id = state.withLock { $0.newID() }
        defer { state.withLock { _ = $0.waiters.removeValue(forKey: id) } }
        do {
            return try await waitForCompletion(before: deadline, onExpiry: ZooKeeperError(.unreachable, path: path)) {
                wait(id, $0)
            }
        } catch let error as ZooKeeperError where error.code == .unreachable {
            throw ZooKeeperError(.unreachable, path: path, detail: state.withLock(\.trouble))
        }
    }

    /// The session if it stands, nil if there is none at present; throws if there will be none any more.
    func current() throws -> LiveSession? {
        try state.withLock { state in
            switch state.phase {
            case .connected(let session): return session
            case .connecting: return nil
            case .over(let error): throw error
            }
        }
    }

    /// Whether the session is, or was not long ago, one of this client's.
    func isOwn(_ session: Int64) -> Bool {
        state.withLock { $0.sessions.contains(session) }
    }

    /// Whether the session is the one that stood last.
    func isLatest(_ session: Int64) -> Bool {
        state.withLock { $0.sessions.last == session }
    }

    func connected(_ session: LiveSession) {
        let waiters = state.withLock { state -> [Waiter] in
            if case .over = state.phase { return [] }
            state.phase = .connected(session)
            state.trouble = ""
            if state.sessions.last != session.id { state.sessions = state.sessions.suffix(7) + [session.id] }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter(.success(session)) }
    }

    /// The handle has no connection any more.
    func disconnected(attempt: Int) {
        state.withLock { state in
            if case .connected(let session) = state.phase, session.attempt == attempt { state.phase = .connecting }
        }
    }

    /// Whether there is no connection at present.
    var isConnecting: Bool {
        state.withLock { if case .connecting = $0.phase { true } else { false } }
    }

    /// Whether there will be no session any more.
    var isOver: Bool {
        state.withLock { if case .over = $0.phase { true } else { false } }
    }

    /// False if that was known already.
    func setTrouble(_ text: String) -> Bool {
        state.withLock { state in
            defer { state.trouble = text }
            return state.trouble != text
        }
    }

    /// No session any more; false if that was so before.
    func end(_ error: ZooKeeperError) -> Bool {
        let ended = state.withLock { state -> (waiters: [Waiter], listeners: [UInt64: Listener])? in
            if case .over = state.phase { return nil }
            state.phase = .over(error)
            defer { (state.waiters, state.listeners) = ([:], [:]) }
            return (Array(state.waiters.values), state.listeners)
        }
        for waiter in ended?.waiters ?? [] { waiter(.failure(error)) }
        for listener in ended?.listeners.values.map(\.self) ?? [] { listener(nil) }
        return ended != nil
    }

    private func wait(_ id: UInt64, _ waiter: @escaping Waiter) {
        let result = state.withLock { state -> Result<LiveSession, ZooKeeperError>? in
            switch state.phase {
            case .connected(let session): return .success(session)
            case .over(let error): return .failure(error)
            case .connecting:
                state.waiters[id] = waiter
                return nil
            }
        }
        if let result { waiter(result) }
    }
}

/// Events.
extension SessionState {
    /// Adds who is told of events from now on; nil if there will be none.
    func addListener(_ listener: @escaping Listener) -> UInt64? {
        state.withLock { state -> UInt64? in
            if case .over = state.phase { return nil }
            let id = state.newID()
            state.listeners[id] = listener
            return id
        }
    }

    func removeListener(_ id: UInt64) {
        state.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }

    func tell(_ event: ZooKeeperSessionEvent) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener(event) }
    }
}

extension SessionState.State {
    fileprivate mutating func newID() -> UInt64 {
        nextID += 1
        return nextID
    }
}
