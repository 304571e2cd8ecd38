import HeronState

/// Reads what is stored, whatever it is: a node that cannot be read or decoded is told, and the others go on.
///
/// Throws only what makes further reading pointless, such as a lost connection. Changes nothing.
public struct StateInspector: Sendable {
    private let state: any StateManager

    public init(_ state: any StateManager) {
        self.state = state
    }

    /// A node that was found, to be read by ``nodes(_:limit:_:)``.
    public struct Found: Sendable {
        public let path: StatePath
        /// Why its children could not be listed, if so.
        let problem: String?
    }

    /// The nodes of a topology, or all below the root: Heron's directories in their order, then ours.
    public func find(_ topology: String?) async throws -> [Found] {
        var level: [StatePath] = []
        if let topology { level = try await roots(of: topology) } else { level = try StateInspector.topFolders() }
        var found: [Found] = []
        while !level.isEmpty {
            let children: [Children] = try await level.mapConcurrently(children)
            found += zip(level, children).map { Found(path: $0, problem: $1.problem) }
            level = children.flatMap(\.paths)
        }
        return found.sorted { StateInspector.precedes($0.path, $1.path) }
    }

    /// Reads nodes, in order; those that are gone in the meantime are left out.
    ///
    /// - Parameters:
    ///   - limit: how many at a time, each of them in memory with its content.
    ///   - body: makes of a node what is kept.
    public func nodes<Result: Sendable>(
        _ found: some Sequence<Found>,
        limit: Int = 64,
        _ body: @escaping @Sendable (InspectedNode) throws -> Result
    ) async throws -> [Result] {
        let read: [Result?] = try await found.mapConcurrently(limit: limit) { place in
            try await node(place).map(body)
        }
        return read.compactMap { $0 }
    }

    /// The node at a path, or nil if there is none.
    public func node(_ path: StatePath) async throws -> InspectedNode? {
        do {
            return try await state.get(path).map { InspectedNode(path, $0) }
        } catch let error as StateError where error.concernsOneNode {
            return InspectedNode(path, unreadable: error.message)
        }
    }

    private func node(_ found: Found) async throws -> InspectedNode? {
        guard let node: InspectedNode = try await node(found.path) else { return nil }
        guard let problem: String = found.problem, node.problem == nil else { return node }
        return InspectedNode(found.path, unreadable: problem)
    }

    private struct Children {
        var paths: [StatePath] = []
        var problem: String?
    }

    private func children(_ path: StatePath) async throws -> Children {
        var result = Children()
        do {
            for name in try await state.children(path) { result.paths.append(try path.appending(name)) }
        } catch let error as StateError where error.concernsOneNode {
            result.problem = error.message
        }
        return result
    }

    private static func topFolders() throws -> [StatePath] {
        try StateDirectory.allCases.map { StatePath($0) }
            + [StatePath([StatePath.ownDirectory]), StatePath([NodeKind.sessionsDirectory])]
    }

    /// Where a topology's nodes stand, as far as there is something.
    private func roots(of topology: String) async throws -> [StatePath] {
        var candidates: [StatePath] = try StateDirectory.allCases.filter { $0 != .locks }
            .map { try StatePath($0, topology) }
        candidates += try await children(StatePath(.locks)).paths.filter { $0.topology == topology }
        candidates.append(try StatePath(own: topology))
        let stands: [Bool] = try await candidates.mapConcurrently { try await node($0) != nil }
        return zip(candidates, stands).filter(\.1).map(\.0)
    }

    private static let order: [String: Int] = Dictionary(
        uniqueKeysWithValues: StateDirectory.allCases.enumerated().map { ($1.rawValue, $0) }
    )

    private static func precedes(_ first: StatePath, _ second: StatePath) -> Bool {
        let (a, b) = (first.components, second.components)
        guard a[0] == b[0] else { return (order[a[0]] ?? .max, a[0]) < (order[b[0]] ?? .max, b[0]) }
        return a.lexicographicallyPrecedes(b)
    }
}
