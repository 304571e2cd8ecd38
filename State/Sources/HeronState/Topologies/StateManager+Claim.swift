extension StateManager {
    /// Creates an ephemeral node in place of a predecessor's, whose node may stand for a while after its end.
    ///
    /// Waits for the node of another holder to go as long as that of a dead one may stand, see ``predecessorTimeout``.
    /// A claim whose answer is lost can be made again: a node with this data counts as this claim's.
    ///
    /// - Parameters:
    ///   - data: what only this holder writes.
    ///   - patience: how long to wait at least.
    /// - Throws: ``StateError``: `nodeExists`, which names the holder if it is known, if the node stands to the end.
    public func claim(_ path: StatePath, _ data: [UInt8], patience: Duration = .zero) async throws {
        let deadline: ContinuousClock.Instant = .now + Swift.max(patience, longestStand)
        while true {
            do {
                return try await create(path, data, .ephemeral)
            } catch let error as StateError where error.code == .nodeExists {
                if try await get(path)?.data == data { return }
                guard try await isGone(path, before: deadline) else { throw error }
            } catch let error as StateError where error.leavesWriteUnknown {
                let found = try? await get(path)
                guard found?.data == data else { throw error }
                return
            }
        }
    }

    /// How long a dead holder's node can be seen. Servers look for dead sessions from time to time, every two seconds
    /// unless they are told otherwise.
    private var longestStand: Duration {
        predecessorTimeout == .zero ? .zero : predecessorTimeout + .seconds(4)
    }

    /// Waits for the node to be gone; false if it is not until the deadline.
    func isGone(_ path: StatePath, before deadline: ContinuousClock.Instant) async throws -> Bool {
        try await comes(path, before: deadline, watch(path)) { $0 == nil }
    }

    /// Waits for a value of a watch; false if it does not come until the deadline.
    func comes<Value: Sendable>(
        _ path: StatePath,
        before deadline: ContinuousClock.Instant,
        _ values: AsyncThrowingStream<Value, any Error>,
        where fits: @escaping @Sendable (Value) -> Bool
    ) async throws -> Bool {
        guard .now < deadline else { return false }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for try await value in values where fits(value) { return true }
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
}
