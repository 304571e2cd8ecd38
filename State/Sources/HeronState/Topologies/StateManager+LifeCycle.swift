import HeronModel

/// A topology's way into the state and out of it, with Heron's order of writes in one place.
extension StateManager {
    /// Records a submitted topology: definition, packing plan, execution state and secret, all or nothing.
    ///
    /// Of several submissions under one name exactly one succeeds; the others throw `nodeExists`. What an earlier
    /// topology of that name has left behind is replaced in the same step, its checkpoints included, from which the new
    /// one would otherwise start.
    ///
    /// Where the back end cannot take all of it in one step, the definition comes first and a failure takes back what
    /// was written. Throws `tooLarge`, before anything is written, if a single node is.
    ///
    /// - Parameter topology: is stored without the components' serialized objects, as Heron does.
    public func recordSubmission(
        _ topology: Topology,
        packingPlan: PackingPlan,
        executionState: ExecutionState,
        secret: TopologySecret
    ) async throws {
        try await SubmissionRecord(
            topology,
            packingPlan: packingPlan,
            executionState: executionState,
            secret: secret,
            in: self
        ).write()
    }

    /// Takes back ``recordSubmission(_:packingPlan:executionState:secret:)`` after a launch that failed.
    ///
    /// Does nothing if the state holds no submission under that name, or another one by now. May be repeated.
    public func rollBackSubmission(of topology: Topology) async throws {
        _ = try await remove(topology.name) { $0.id == topology.id }
    }

    /// Removes everything that the state holds about a topology: in one step as a rule, and in any case in Heron's
    /// order with the definition last, so that a removal that fails half-way can be repeated.
    ///
    /// - Parameter id: the topology that is meant; another one that has its name by now is left alone. Nil for any.
    /// - Returns: whether the topology existed. If not, what it may have left behind is removed all the same.
    @discardableResult
    public func removeTopology(_ name: String, id: String? = nil) async throws -> Bool {
        try await remove(name) { id == nil || $0.id == nil || $0.id == id }
    }

    /// Deletes a node and all below it; fine if there is none.
    public func deleteTree(_ path: StatePath) async throws {
        // A second look for what others may have created in the meantime.
        for attempt in 1...3 {
            for child in try await children(path) { try await deleteTree(path.appending(child)) }
            do {
                try await delete(path, version: nil)
                return
            } catch let error as StateError where error.code == .notEmpty && attempt < 3 {
                continue
            }
        }
    }

    private func remove(_ name: String, if isMeant: (TopologyNodes) -> Bool) async throws -> Bool {
        var existed = false
        for _ in 0..<2 {
            let nodes = try await TopologyNodes.read(name, from: self)
            guard isMeant(nodes) else { return existed }
            existed = existed || nodes.definition != nil
            do {
                try await delete(
                    nodes.all,
                    guardedBy: nodes.definition.map { .check(nodes.definitionPath, version: $0.version) }
                        ?? .checkAbsent(nodes.definitionPath)
                )
                return existed
            } catch let error as StateError where error.leavesWriteUnknown || error.meansChange {
                // Its processes are ending and write, or another removal is at work: what is there now?
                continue
            }
        }
        try await removeOneByOne(name)
        return existed
    }

    /// Removes a topology in spite of others that write or remove at the same time.
    private func removeOneByOne(_ name: String) async throws {
        for directory in TopologyNodes.early { try await delete(StatePath(directory, name), version: nil) }
        for lock in try await locks(of: name) { try await deleteTree(lock) }
        for directory in TopologyNodes.late { try await delete(StatePath(directory, name), version: nil) }
        try await deleteTree(StatePath(own: name))
        try await delete(StatePath(.topologies, name), version: nil)
    }
}

extension StateError {
    /// Whether the error says that someone else has changed the nodes since they were read.
    fileprivate var meansChange: Bool {
        [.nodeExists, .noNode, .notEmpty, .badVersion].contains(code)
    }
}
