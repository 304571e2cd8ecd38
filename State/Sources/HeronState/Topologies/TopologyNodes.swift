import HeronModel

/// What the state holds of one topology, as it was read at one moment.
struct TopologyNodes: Sendable {
    /// The topology's definition, without which it does not exist.
    let definition: StateNode?
    /// Where the definition stands.
    let definitionPath: StatePath
    /// The topology's other nodes in Heron's directories, in the order in which Heron removes them.
    let heron: [StatePath]
    /// The locks on the topology and what is below them, deepest first. Heron removes them before ``lateHeron``.
    let locks: [StatePath]
    /// The nodes in Heron's directories that Heron removes after the locks.
    let lateHeron: [StatePath]
    /// Our own nodes, deepest first.
    let own: [StatePath]

    /// The topology's id; nil if there is none or its definition cannot be read.
    var id: String? {
        definition.flatMap { try? Topology(serializedBytes: $0.data) }?.id
    }

    /// All nodes in the order of their removal: what is below a node before it, the definition last.
    var all: [StatePath] {
        leftovers(with: locks) + (definition == nil ? [] : [definitionPath])
    }

    /// What an earlier topology has left behind. Not its locks: nobody but their holders removes them.
    var leftovers: [StatePath] { leftovers(with: []) }

    private func leftovers(with locks: [StatePath]) -> [StatePath] { heron + locks + lateHeron + own }

    /// Heron's directories in the order in which it removes a topology's nodes from them, before the locks and after.
    static let early: [StateDirectory] = [.tmanagers, .metricscaches, .packingplans, .pplans, .schedulers]
    static let late: [StateDirectory] = [.executionstate, .statefulcheckpoints]

    /// Reads with as few waits for an answer as there are levels of nodes.
    static func read(_ name: String, from state: any StateManager) async throws -> TopologyNodes {
        let definitionPath = try StatePath(.topologies, name)
        let ownPath = try StatePath(own: name)
        async let definition = state.get(definitionPath)
        async let early = state.existing(try early.map { try StatePath($0, name) })
        async let late = state.existing(try late.map { try StatePath($0, name) })
        async let locks = state.trees(try await state.locks(of: name))
        async let ownRoot = state.existing([ownPath])
        async let ownChildren = state.trees(try await state.childPaths(of: ownPath))
        return TopologyNodes(
            definition: try await definition,
            definitionPath: definitionPath,
            heron: try await early,
            locks: try await locks,
            lateHeron: try await late,
            own: try await ownChildren + ownRoot
        )
    }
}

extension StateManager {
    /// Those of the nodes that exist.
    func existing(_ paths: [StatePath]) async throws -> [StatePath] {
        try await concurrently(paths) { try await self.get($0) == nil ? nil : $0 }.compactMap(\.self)
    }

    /// The nodes, which exist, and all below them, deepest first.
    func trees(_ roots: [StatePath]) async throws -> [StatePath] {
        var found: [StatePath] = []
        var level = roots
        while !level.isEmpty {
            found += level
            level = try await concurrently(level) { try await self.childPaths(of: $0) }.flatMap(\.self)
        }
        return found.reversed()
    }

    /// The paths of the node's children.
    func childPaths(of path: StatePath) async throws -> [StatePath] {
        try await children(path).map { try path.appending($0) }
    }

    /// Deletes nodes in their order, many at once; a guard, which every step carries, keeps each from happening.
    func delete(_ paths: some Sequence<StatePath>, guardedBy condition: StateOperation) async throws {
        // Well below the size that a server takes in one message, however long the names are.
        let limit = 500
        var rest = Array(paths)[...]
        while !rest.isEmpty {
            try await multi([condition] + rest.prefix(limit).map { .delete($0, version: nil) })
            rest = rest.dropFirst(limit)
        }
    }
}
