import ZooKeeperClient

/// Knows which process holds an ephemeral node, and removes those of dead ones of this machine.
///
/// Servers keep a dead process's nodes until its session times out; who starts again on the same machine need not wait.
actor NodeHolders {
    private let client: ZooKeeperClient
    private let paths: TreePaths
    private var recording: Task<Void, any Error>?

    init(_ client: ZooKeeperClient, _ paths: TreePaths) {
        self.client = client
        self.paths = paths
    }

    /// Says once, before the first ephemeral node, whose the session is.
    func record(before deadline: ContinuousClock.Instant) async throws {
        let recording = self.recording ?? Task { try await self.writeRecord(before: deadline) }
        self.recording = recording
        do {
            try await recording.value
        } catch {
            if self.recording == recording { self.recording = nil }
            throw error
        }
    }

    /// Removes an ephemeral node whose holder is known to be dead; throws `nodeExists`, which names the holder, for any
    /// other node. Fine if there is no node.
    func removeDead(_ path: String, before deadline: ContinuousClock.Instant) async throws {
        guard let stat = try await client.exists(path, before: deadline) else { return }
        guard stat.ephemeralOwner != 0 else { throw ZooKeeperError(.nodeExists, path: path) }
        let session = "ZooKeeper session 0x" + String(UInt64(bitPattern: stat.ephemeralOwner), radix: 16)
        guard !client.isOwn(session: stat.ephemeralOwner) else {
            throw ZooKeeperError(.nodeExists, path: path, detail: "this process (\(session))")
        }
        guard let record = try await self.record(of: stat.ephemeralOwner, before: deadline) else {
            throw ZooKeeperError(.nodeExists, path: path, detail: session)
        }
        guard record.holder.isKnownToBeDead else {
            throw ZooKeeperError(.nodeExists, path: path, detail: "\(record.holder.description) (\(session))")
        }
        // Again after the record was read: one who has seen the same may have put a living node there meanwhile.
        guard let now = try await client.exists(path, before: deadline), now.ephemeralOwner == stat.ephemeralOwner
        else { return }
        do {
            // Writing the record keeps a second one, who has seen the same, from deleting the first one's new node.
            try await client.multi(
                [
                    .set(record.path, record.node.data, version: record.node.stat.version),
                    .delete(path, version: now.version),
                ],
                before: deadline
            )
        } catch let error as ZooKeeperError where [.noNode, .badVersion].contains(error.code) {
            // Someone was faster: there is a new node or none.
        }
    }

    private struct Record {
        let path: String
        let node: ZooKeeperNode
        let holder: SessionHolder
    }

    private func record(of session: Int64, before deadline: ContinuousClock.Instant) async throws -> Record? {
        let directory = "\(paths.root)/\(StatePath.sessionsDirectory)"
        let names = try await client.children(directory, before: deadline) ?? []
        for batch in names.batches(of: 64) {
            let found = try await withThrowingTaskGroup(of: Record?.self) { [client] group in
                for name in batch {
                    group.addTask {
                        let path = "\(directory)/\(name)"
                        guard let node = try await client.get(path, before: deadline),
                            node.stat.ephemeralOwner == session, let holder = SessionHolder(data: node.data)
                        else { return nil }
                        return Record(path: path, node: node, holder: holder)
                    }
                }
                return try await group.reduce(nil) { $0 ?? $1 }
            }
            if let found { return found }
        }
        return nil
    }

    private func writeRecord(before deadline: ContinuousClock.Instant) async throws {
        let directory = "\(paths.root)/\(StatePath.sessionsDirectory)"
        let data = try SessionHolder.current().data
        do {
            try await client.create("\(directory)/\(randomHex(bytes: 8))", data, isEphemeral: true, before: deadline)
        } catch let error as ZooKeeperError where error.code == .noNode {
            // Heron's own client has made the tree, which has no such directory.
            do {
                try await client.create(directory, [], isEphemeral: false, before: deadline)
            } catch let error as ZooKeeperError where error.code == .nodeExists {}
            try await client.create("\(directory)/\(randomHex(bytes: 8))", data, isEphemeral: true, before: deadline)
        }
    }
}

extension [String] {
    fileprivate func batches(of size: Int) -> [ArraySlice<String>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
