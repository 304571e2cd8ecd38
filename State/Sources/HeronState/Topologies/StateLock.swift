/// A lock on a topology, held until it is released, or its holder dies or closes the state manager.
public final class StateLock: Sendable {
    private let state: any StateManager
    private let path: StatePath
    private let token: [UInt8]

    fileprivate init(state: any StateManager, path: StatePath, token: [UInt8]) {
        self.state = state
        self.path = path
        self.token = token
    }

    /// Gives the lock up; fine if it is gone already, because a kill has removed it.
    public func release() async throws {
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
            do {
                try await create(path, token, .ephemeral)
                return StateLock(state: self, path: path, token: token)
            } catch let error as StateError where error.code == .nodeExists {
                guard try await isFree(path, before: deadline) else { throw Self.isHeld(path, timeout) }
            } catch let error as StateError where error.code == .timeout || error.code == .connectionLost {
                // Whether the lock was taken is unknown: look.
                guard try await get(path)?.data == token else { throw error }
                return StateLock(state: self, path: path, token: token)
            }
        }
    }

    /// The topology's locks that someone holds.
    func locks(of topology: String) async throws -> [StatePath] {
        let directory = StatePath(.locks)
        return try await children(directory).filter { StatePath.topology(ofLock: $0) == topology }
            .map { try directory.appending($0) }
    }

    /// Waits for the node to be gone; false if it is not until the deadline.
    private func isFree(_ path: StatePath, before deadline: ContinuousClock.Instant) async throws -> Bool {
        let changes = watch(path)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for try await node in changes where node == nil { return true }
                try Task.checkCancellation()
                throw StateError(.closed, path: path.description, "the state manager was closed")
            }
            group.addTask {
                try await Task.sleep(until: deadline)
                return false
            }
            return try await group.next() ?? false
        }
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
