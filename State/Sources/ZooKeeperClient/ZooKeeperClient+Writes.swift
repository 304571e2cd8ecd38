/// Writing.
///
/// When the connection breaks before the answer, the node is looked at as soon as there is a connection again, and the
/// write is repeated only if it has not taken place. It is taken for done if all nodes are as it leaves them, so that
/// whoever must tell its own write from one of exactly the same bytes has to write bytes that nobody else does.
extension ZooKeeperClient {
    /// Creates a node; its parent has to be there.
    public func create(
        _ path: String,
        _ data: [UInt8],
        isEphemeral: Bool,
        before deadline: ContinuousClock.Instant
    ) async throws {
        let operation = ZooKeeperOperation.create(absolute(path), data, isEphemeral: isEphemeral)
        _ = try await write([operation], before: deadline) { handle, completion in
            handle.create(operation.path, data, isEphemeral: isEphemeral) { completion($0.map { nil }) }
        }
    }

    /// Replaces a node's data and returns its new stat.
    public func set(
        _ path: String,
        _ data: [UInt8],
        version: Int32?,
        before deadline: ContinuousClock.Instant
    ) async throws -> ZooKeeperStat {
        let operation = ZooKeeperOperation.set(absolute(path), data, version: version)
        let stat = try await write([operation], before: deadline) { handle, completion in
            handle.set(operation.path, data, version: version) { completion($0.map { $0 }) }
        }
        guard let stat else { throw ZooKeeperError(.connectionLost, path: operation.path) }
        return stat
    }

    /// Deletes a node.
    public func delete(_ path: String, version: Int32?, before deadline: ContinuousClock.Instant) async throws {
        let operation = ZooKeeperOperation.delete(absolute(path), version: version)
        _ = try await write([operation], before: deadline) { handle, completion in
            handle.delete(operation.path, version: version) { completion($0.map { nil }) }
        }
    }

    /// Performs all operations or none; throws the first operation's error, with its path.
    public func multi(_ operations: [ZooKeeperOperation], before deadline: ContinuousClock.Instant) async throws {
        try checkOpen("")
        guard !operations.isEmpty else { return }
        let operations = operations.map { $0.moved(to: absolute($0.path)) }
        _ = try await write(operations, before: deadline) { handle, completion in
            handle.multi(operations) { completion($0.map { nil }) }
        }
    }

    private typealias WriteCompletion = ZooKeeperHandle.Completion<ZooKeeperStat?>

    /// - Parameter operations: with absolute paths.
    /// - Returns: the stat of the one node that was set.
    private func write(
        _ operations: [ZooKeeperOperation],
        before deadline: ContinuousClock.Instant,
        _ start: (ZooKeeperHandle, @escaping WriteCompletion) -> Void
    ) async throws -> ZooKeeperStat? {
        let path = operations.count == 1 ? operations[0].path : ""
        try checkOpen(path)
        var losses = 0
        while true {
            let session = try await shared.state.session(before: deadline, path)
            do {
                let stat = try await waitForCompletion(
                    before: deadline,
                    onExpiry: ZooKeeperError(.timeout, path: path)
                ) { start(session.handle, $0) }
                remember(operations)
                return stat
            } catch let error as ZooKeeperError where error.code == .timeout {
                rememberPossible(operations)
                throw error
            } catch let error as CancellationError {
                rememberPossible(operations)
                throw error
            } catch let error as ZooKeeperError where error.code == .connectionLost {
                losses += 1
                rememberPossible(operations)
                guard losses <= shared.options.retryCount else { throw error }
                if let outcome = try await outcome(of: operations, after: error, before: deadline) {
                    remember(operations)
                    return outcome.stat
                }
            }
        }
    }

    /// Whether a write under which the connection broke has taken place: nil if not.
    private func outcome(
        of operations: [ZooKeeperOperation],
        after loss: ZooKeeperError,
        before deadline: ContinuousClock.Instant
    ) async throws -> WriteOutcome? {
        do {
            return try await WriteOutcome(of: operations, isOwn: shared.state.isOwn) { path in
                try await findNode(path, before: deadline)
            }
        } catch let error as ZooKeeperError where error.code == .unreachable || error.code == .timeout {
            // What is unknown is the write, not this look at it.
            throw loss
        }
    }

    /// The node at an absolute path as the leader has it.
    private func findNode(_ path: String, before deadline: ContinuousClock.Instant) async throws -> ZooKeeperNode? {
        let path = relative(path)
        try await sync(path, before: deadline)
        return try await get(path, before: deadline)
    }

    /// Keeps account of the ephemeral nodes that a write may have created: if it has not, their watch will tell.
    private func rememberPossible(_ operations: [ZooKeeperOperation]) {
        for case .create(let path, let data, isEphemeral: true) in operations {
            shared.ephemerals.addIfUnknown(path, data, user: user)
        }
    }

    /// Keeps account of the ephemeral nodes that a write has created, changed or deleted.
    private func remember(_ operations: [ZooKeeperOperation]) {
        for operation in operations {
            switch operation {
            case .create(let path, let data, isEphemeral: true): shared.ephemerals.add(path, data, user: user)
            case .create(let path, _, isEphemeral: false): shared.ephemerals.remove(path)
            case .set(let path, let data, _): shared.ephemerals.set(path, data)
            case .delete(let path, _): shared.ephemerals.remove(path)
            case .check: break
            }
        }
    }
}

extension ZooKeeperOperation {
    fileprivate func moved(to path: String) -> ZooKeeperOperation {
        switch self {
        case .create(_, let data, let isEphemeral): .create(path, data, isEphemeral: isEphemeral)
        case .set(_, let data, let version): .set(path, data, version: version)
        case .delete(_, let version): .delete(path, version: version)
        case .check(_, let version): .check(path, version: version)
        }
    }
}
