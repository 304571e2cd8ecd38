/// What is found where a write was meant to take place.
struct WriteOutcome {
    /// The stat of the node, if the write was about one.
    let stat: ZooKeeperStat?

    /// How a write leaves a node.
    private enum Expectation {
        case absent
        /// With a version where the write determines it.
        case data([UInt8], version: Int32?, isEphemeral: Bool?)
    }

    /// Looks at the nodes; nil if they are not as the operations leave them.
    ///
    /// - Parameter isOwn: whether a session is one of the writer's.
    /// - Parameter find: finds a node as it is after all writes so far.
    init?(
        of operations: [ZooKeeperOperation],
        isOwn: (Int64) -> Bool,
        _ find: (String) async throws -> ZooKeeperNode?
    ) async throws {
        let expectations = Self.expectations(operations)
        guard !expectations.isEmpty else { return nil }
        var stats: [ZooKeeperStat] = []
        for (path, expectation) in expectations {
            let found = try await find(path)
            switch (expectation, found) {
            case (.absent, nil): break
            case (.data(let data, let version, let isEphemeral), .some(let node)):
                guard node.data == data, version.map({ $0 == node.stat.version }) ?? true else { return nil }
                if let isEphemeral {
                    let owner = node.stat.ephemeralOwner
                    guard isEphemeral ? isOwn(owner) : owner == 0 else { return nil }
                }
                stats.append(node.stat)
            default: return nil
            }
        }
        stat = stats.count == 1 ? stats.first : nil
    }

    /// What each node has to be like after all operations.
    private static func expectations(_ operations: [ZooKeeperOperation]) -> [String: Expectation] {
        operations.reduce(into: [:]) { expected, operation in
            switch operation {
            case .create(let path, let data, let isEphemeral):
                expected[path] = .data(data, version: 0, isEphemeral: isEphemeral)
            case .set(let path, let data, let version):
                let before: Int32? =
                    if case .data(_, let known, _) = expected[path] { known } else { version }
                expected[path] = .data(data, version: before.map { $0 &+ 1 }, isEphemeral: nil)
            case .delete(let path, _):
                expected[path] = .absent
            case .check:
                break
            }
        }
    }
}
