/// Reading.
extension ZooKeeperClient {
    /// The node, or nil if there is none.
    public func get(_ path: String, before deadline: ContinuousClock.Instant) async throws -> ZooKeeperNode? {
        try await unlessMissing { try await read(path, deadline) { $0.get($1, watch: false, $2) } }
    }

    /// The node's stat, or nil if there is none.
    public func exists(_ path: String, before deadline: ContinuousClock.Instant) async throws -> ZooKeeperStat? {
        try await unlessMissing { try await read(path, deadline) { $0.exists($1, watch: false, $2) } }
    }

    /// The names of the node's children, in no order; nil if there is no node.
    public func children(_ path: String, before deadline: ContinuousClock.Instant) async throws -> [String]? {
        try await unlessMissing { try await read(path, deadline) { $0.children($1, watch: false, $2) } }
    }

    /// Whether the node's ACL lets everybody do more than read.
    public func canBeChangedByAll(_ path: String, before deadline: ContinuousClock.Instant) async throws -> Bool {
        try await read(path, deadline) { $0.canBeChangedByAll($1, $2) }
    }

    /// Lets the server that this client is connected to catch up: reads that follow see all earlier writes of anybody.
    func sync(_ path: String, before deadline: ContinuousClock.Instant) async throws {
        try await read(path, deadline) { $0.sync($1, $2) }
    }

    private func unlessMissing<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let error as ZooKeeperError where error.code == .noNode {
            return nil
        }
    }

    /// Makes a call that may be repeated, until it is answered.
    private func read<Value: Sendable>(
        _ path: String,
        _ deadline: ContinuousClock.Instant,
        _ start: (ZooKeeperHandle, _ path: String, @escaping ZooKeeperHandle.Completion<Value>) -> Void
    ) async throws -> Value {
        try checkOpen(path)
        let path = absolute(path)
        var losses = 0
        while true {
            let session = try await shared.state.session(before: deadline, path)
            do {
                return try await waitForCompletion(
                    before: deadline,
                    onExpiry: ZooKeeperError(.timeout, path: path)
                ) { start(session.handle, path, $0) }
            } catch let error as ZooKeeperError where error.code == .connectionLost {
                losses += 1
                guard losses <= shared.options.retryCount else { throw error }
            }
        }
    }
}
