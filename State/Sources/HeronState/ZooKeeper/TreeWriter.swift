import ZooKeeperClient

/// Writes that need more than one request: nodes whose parents are missing, ephemeral nodes whose holder is dead.
struct TreeWriter: Sendable {
    let client: ZooKeeperClient
    let paths: TreePaths
    let holders: NodeHolders
    let deadline: ContinuousClock.Instant

    /// How often to begin again when what was looked at has changed in between.
    private static let attempts = 8

    /// Performs all operations or none, and creates the parents that they lack in the same step.
    ///
    /// - Throws: ``ZooKeeperError`` of the first operation that fails.
    func write(_ operations: [ZooKeeperOperation]) async throws {
        try PacketSize.check(operations, naming: paths.relative)
        var parents: [ZooKeeperOperation] = []
        var attempt = 1
        while true {
            do {
                if !parents.isEmpty, !PacketSize.fits(parents + operations) {
                    // Only the parents, which are empty, can be there without the rest.
                    try await perform(parents)
                    parents = []
                }
                return try await perform(parents + operations)
            } catch let error as ZooKeeperError where attempt < Self.attempts {
                attempt += 1
                let path = client.relative(error.path)
                switch error.code {
                case .noNode where operations.create(path), .nodeExists where parents.create(path):
                    // None may be missing by now: others create, and remove, the same parents.
                    parents = try await missingParents(of: operations).map { .create($0, [], isEphemeral: false) }
                case .nodeExists where operations.createEphemeral(path):
                    try await holders.removeDead(path, before: deadline)
                default:
                    throw error
                }
            }
        }
    }

    private func perform(_ operations: [ZooKeeperOperation]) async throws {
        if operations.count == 1, case .create(let path, let data, let isEphemeral) = operations[0] {
            try await client.create(path, data, isEphemeral: isEphemeral, before: deadline)
        } else {
            try await client.multi(operations, before: deadline)
        }
    }

    /// The nodes above those to create that do not exist and are not created either, from the top.
    private func missingParents(of operations: [ZooKeeperOperation]) async throws -> [String] {
        var created: Set<String> = []
        var missing: [String] = []
        for case .create(let path, _, _) in operations {
            var above: [String] = []
            var next = TreePaths.parent(of: path)
            while let parent = next, !created.contains(parent), !missing.contains(parent) {
                guard try await client.exists(parent, before: deadline) == nil else { break }
                above.insert(parent, at: 0)
                next = TreePaths.parent(of: parent)
            }
            missing += above
            created.insert(path)
        }
        return missing
    }
}

extension [ZooKeeperOperation] {
    fileprivate func create(_ path: String) -> Bool {
        contains { if case .create(path, _, _) = $0 { true } else { false } }
    }

    fileprivate func createEphemeral(_ path: String) -> Bool {
        contains { if case .create(path, _, isEphemeral: true) = $0 { true } else { false } }
    }
}
