import ZooKeeperClient

/// Finds the tree that a state manager opens, or makes it.
struct TreeSetup {
    let client: ZooKeeperClient
    let paths: TreePaths
    let location: String
    let deadline: ContinuousClock.Instant

    /// - Throws: `badConfiguration` if the connection's chroot, or the tree that is not to be made, is not there.
    func open(creating: Bool) async throws {
        // Another process may make the same tree at the same time.
        for _ in 0..<8 {
            guard let found = try await client.children(paths.root.isEmpty ? "/" : paths.root, before: deadline) else {
                try await checkChroot()
                guard creating else { throw missingRoot() }
                if try await create(paths.ancestors + paths.directories) { return }
                continue
            }
            let names = Set(found)
            let missing = paths.directories.filter { !names.contains(String($0.dropFirst(paths.root.count + 1))) }
            if missing.isEmpty || !creating { return }
            if try await create(missing) { return }
        }
    }

    /// False if something of it was made, or removed, by another in the meantime.
    private func create(_ nodes: [String]) async throws -> Bool {
        var missing: [ZooKeeperOperation] = []
        for node in nodes where try await client.exists(node, before: deadline) == nil {
            missing.append(.create(node, [], isEphemeral: false))
        }
        do {
            try await client.multi(missing, before: deadline)
            return true
        } catch let error as ZooKeeperError where error.code == .nodeExists || error.code == .noNode {
            return false
        }
    }

    private func checkChroot() async throws {
        guard try await client.exists("/", before: deadline) == nil else { return }
        throw StateError(
            .badConfiguration,
            path: "",
            "\(location): the node after the servers in heron.statemgr.connection.string does not exist",
            hint: "create it, or name one that exists"
        )
    }

    private func missingRoot() -> StateError {
        StateError(
            .badConfiguration,
            path: "",
            "\(location): the root does not exist",
            hint: "set heron.statemgr.zookeeper.is.initialize.tree to true, or correct heron.statemgr.root.path"
        )
    }
}
