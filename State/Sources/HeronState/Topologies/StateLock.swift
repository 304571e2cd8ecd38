import Synchronization

/// A lock on a topology, held until it is released, or its holder dies, closes the state manager or loses its session.
///
/// A lock keeps well-behaved processes apart, no more: one that has lost its session learns it late. What must not be
/// written over belongs into a ``StateManager/multi(_:)`` or write that names the version it expects.
public final class StateLock: Sendable {
    private let state: any StateManager
    private let path: StatePath
    private let token: [UInt8]
    private let session: LockSession

    fileprivate init(state: any StateManager, path: StatePath, token: [UInt8], session: LockSession) {
        self.state = state
        self.path = path
        self.token = token
        self.session = session
    }

    /// Whether the lock was without a break this holder's, as far as this process has heard.
    ///
    /// Not after the session was lost, even though the manager has created the node again: another process may have had
    /// the lock in between. False, too, while the session has to be taken for lost.
    public var isHeld: Bool { session.isUnbroken }

    /// Gives the lock up; fine if it is gone already, because a kill has removed it.
    public func release() async throws {
        session.end()
        guard let node = try await state.get(path), node.data == token else { return }
        do {
            try await state.delete(path, version: node.version)
        } catch let error as StateError where error.code == .badVersion {
            // Someone else's by now.
        }
    }
}

extension StateManager {
    /// Takes a lock on a topology, waiting for others that hold it at most as long as the timeout.
    ///
    /// The lock is the node `locks/<topology>__<name>` in Heron's own place, so that Heron's tools respect it; they know
    /// the name `updateTopology` only.
    ///
    /// - Parameter name: without two underscores in a row, which separate it from the topology's.
    /// - Throws: ``StateError`` with code `timeout` if another holds the lock to the end.
    public func acquireLock(
        topology: String,
        name: String = "updateTopology",
        timeout: Duration
    ) async throws -> StateLock {
        let path = try StatePath.lock(on: topology, name)
        // Tells this lock from all others.
        let token = Array(randomHex(bytes: 16).utf8)
        let deadline = ContinuousClock.now + timeout
        while true {
            // Before the node is there, so that no loss of it goes unheard.
            let lock = StateLock(state: self, path: path, token: token, session: LockSession(sessionEvents, path))
            do {
                try await create(path, token, .ephemeral)
                return lock
            } catch let error as StateError where error.code == .nodeExists {
                guard try await becomesFree(path, before: deadline) else { throw Self.isHeld(path, timeout) }
            } catch let error as StateError where error.leavesWriteUnknown {
                // Whether the lock was taken is unknown: look.
                guard try await get(path)?.data == token else { throw error }
                return lock
            }
        }
    }

    /// The topology's locks that someone holds.
    func locks(of topology: String) async throws -> [StatePath] {
        let directory = StatePath(.locks)
        return try await children(directory).filter { StatePath.topology(ofLock: $0) == topology }
            .map { try directory.appending($0) }
    }

    /// Waits until it is worth trying again; false if it is not until the deadline.
    ///
    /// Heron's Java client takes the same lock as a folder (Curator's `InterProcessSemaphoreMutex`): who asks for it has
    /// a node below `locks` in it, who has it one below `leases`. The empty folders stay behind.
    private func becomesFree(_ path: StatePath, before deadline: ContinuousClock.Instant) async throws -> Bool {
        async let standing = get(path)
        let folders = try await childPaths(of: path)
        guard let node = try await standing else { return true }
        if folders.isEmpty, !node.data.isEmpty { return try await isGone(path, before: deadline) }
        let contents = try await concurrently(folders) { try await self.children($0) }
        if let used = zip(folders, contents).first(where: { !$0.1.isEmpty })?.0 {
            return try await comes(used, before: deadline, watchChildren(used)) { $0.isEmpty }
        }
        do {
            try await multi((folders + [path]).map { .delete($0, version: nil) })
        } catch let error as StateError where error.code == .notEmpty || error.code == .noNode {
            // Someone was faster.
        }
        return true
    }

    private static func isHeld(_ path: StatePath, _ timeout: Duration) -> StateError {
        StateError(
            .timeout,
            path: path.description,
            "another process has held the lock for \(timeout)",
            hint: "try again later; delete the node if no process works on the topology"
        )
    }
}

/// Listens for what would end a lock.
private final class LockSession: Sendable {
    /// Shared with the listening task, which must not keep the session itself.
    private final class Condition: Sendable {
        let state = Mutex((isExpired: false, isLost: false))
    }

    private let condition: Condition
    private let listening: Task<Void, Never>

    init(_ events: AsyncStream<SessionEvent>, _ path: StatePath) {
        let condition = Condition()
        self.condition = condition
        listening = Task {
            for await event in events {
                condition.state.withLock { state in
                    switch event {
                    case .connected: state.isExpired = false
                    case .expired: state.isExpired = true
                    case .renewed, .ephemeralLost(path): state.isLost = true
                    case .disconnected, .ephemeralLost: break
                    }
                }
            }
            condition.state.withLock { $0.isLost = true }
        }
    }

    deinit {
        listening.cancel()
    }

    var isUnbroken: Bool {
        condition.state.withLock { !$0.isExpired && !$0.isLost }
    }

    /// The lock is given up: its session does not matter any more.
    func end() {
        condition.state.withLock { $0.isLost = true }
        listening.cancel()
    }
}

extension StatePath {
    private static let separator = "__"

    fileprivate static func lock(on topology: String, _ name: String) throws -> StatePath {
        guard !name.contains(separator), !name.hasPrefix("_") else {
            throw StateError(.invalidPath, path: "", "'\(name)' cannot be a lock's name: it contains '\(separator)'")
        }
        return try StatePath(.locks, topology + separator + name)
    }

    /// The topology in a lock's name; its own name may contain the separator too.
    fileprivate static func topology(ofLock name: String) -> String? {
        name.indices.last { name[$0...].hasPrefix(separator) }.map { String(name[..<$0]) }
    }
}
