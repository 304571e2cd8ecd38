import HeronState
import Synchronization

/// A state manager in front of another one that counts, delays, fails or loses calls as a test wants, and tells the
/// session events of a script.
final class RelayedState: StateManager {
    enum Call: Sendable {
        case create(StatePath)
        case get(StatePath)
        case set(StatePath)
        case delete(StatePath)
        case children(StatePath)
        case multi([StateOperation])

        var isMulti: Bool {
            if case .multi = self { true } else { false }
        }
    }

    private let base: any StateManager
    private let before: @Sendable (Call) async throws -> Void
    private let after: @Sendable (Call) async throws -> Void
    private let listeners = Mutex<[AsyncStream<SessionEvent>.Continuation]>([])
    let predecessorTimeout: Duration

    /// - Parameters:
    ///   - before: may throw in place of the call.
    ///   - after: may throw although the call took place.
    init(
        _ base: any StateManager,
        predecessorTimeout: Duration = .zero,
        before: @escaping @Sendable (Call) async throws -> Void = { _ in },
        after: @escaping @Sendable (Call) async throws -> Void = { _ in }
    ) {
        self.base = base
        self.predecessorTimeout = predecessorTimeout
        self.before = before
        self.after = after
    }

    var location: String { base.location }

    var sessionEvents: AsyncStream<SessionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionEvent.self)
        listeners.withLock { $0.append(continuation) }
        return stream
    }

    func tell(_ event: SessionEvent) {
        listeners.withLock { for listener in $0 { listener.yield(event) } }
    }

    func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) async throws {
        try await relay(.create(path)) { try await self.base.create(path, data, lifetime) }
    }

    func get(_ path: StatePath) async throws -> StateNode? {
        try await relay(.get(path)) { try await self.base.get(path) }
    }

    func set(_ path: StatePath, _ data: [UInt8], version: Int32?) async throws -> StateNode {
        try await relay(.set(path)) { try await self.base.set(path, data, version: version) }
    }

    func delete(_ path: StatePath, version: Int32?) async throws -> Bool {
        try await relay(.delete(path)) { try await self.base.delete(path, version: version) }
    }

    func children(_ path: StatePath) async throws -> [String] {
        try await relay(.children(path)) { try await self.base.children(path) }
    }

    func multi(_ operations: [StateOperation]) async throws {
        try await relay(.multi(operations)) { try await self.base.multi(operations) }
    }

    func watch(_ path: StatePath) -> AsyncThrowingStream<StateNode?, any Error> { base.watch(path) }

    func watchChildren(_ path: StatePath) -> AsyncThrowingStream<[String], any Error> { base.watchChildren(path) }

    func close() async {
        listeners.withLock { for listener in $0 { listener.finish() } }
        await base.close()
    }

    private func relay<Value>(_ call: Call, _ body: () async throws -> Value) async throws -> Value {
        try await before(call)
        let value = try await body()
        try await after(call)
        return value
    }
}

/// Lets calls pass in waves: all that wait when no other has come for a moment. Counts the waves, which on a server are
/// the round trips, and the multis.
final class WaveCounter: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var arrivals = 0
        var waves = 0
        var multis = 0
    }

    private let state = Mutex(State())
    /// Long beside what a task needs to begin its calls.
    private static let quiet = Duration.milliseconds(60)

    var waves: Int { state.withLock(\.waves) }
    var multis: Int { state.withLock(\.multis) }

    func pass(_ call: RelayedState.Call) async {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                state.arrivals += 1
                if call.isMulti { state.multis += 1 }
                return state.waiting.count == 1
            }
            if isFirst { Task { await openWhenQuiet() } }
        }
    }

    private func openWhenQuiet() async {
        var seen = 0
        while true {
            let arrivals = state.withLock(\.arrivals)
            if arrivals == seen { break }
            seen = arrivals
            try? await Task.sleep(for: WaveCounter.quiet)
        }
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.waves += 1
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
