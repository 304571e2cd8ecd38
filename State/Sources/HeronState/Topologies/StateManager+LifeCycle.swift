import HeronModel

/// A topology's way into the state and out of it, with Heron's order of writes in one place.
extension StateManager {
    /// Records a submitted topology: definition, packing plan, execution state and secret, all or nothing.
    ///
    /// Of several submissions under one name exactly one succeeds; the others throw `nodeExists`. What an earlier
    /// topology of that name has left behind is replaced in the same step, its checkpoints included, from which the new
    /// one would otherwise start.
    ///
    /// - Parameter topology: is stored without the components' serialized objects, as Heron does.
    public func recordSubmission(
        _ topology: Topology,
        packingPlan: PackingPlan,
        executionState: ExecutionState,
        secret: TopologySecret
    ) async throws {
        let name = topology.name
        let definition = try StatePath(.topologies, name)
        let nodes: [(StatePath, [UInt8])] = [
            (definition, try topology.withoutSerializedObjects().stateData(at: definition)),
            (try StatePath(.packingplans, name), try packingPlan.stateData(at: StatePath(.packingplans, name))),
            (try StatePath(.executionstate, name), try executionState.stateData(at: StatePath(.executionstate, name))),
            (try .secret(of: name), Array(secret.text.utf8)),
        ]
        // What is left behind may change while it is looked at; whoever wins the name ends that.
        for _ in 0..<5 {
            guard try await get(definition) == nil else { break }
            var operations = [StateOperation.create(nodes[0].0, nodes[0].1, .persistent)]
            operations += try await leftovers(of: name).map { .delete($0, version: nil) }
            operations += nodes.dropFirst().map { .create($0.0, $0.1, .persistent) }
            do {
                return try await multi(operations)
            } catch let error as StateError where [.nodeExists, .noNode, .notEmpty].contains(error.code) {
                if error.path == definition.description { break }
            } catch let error as StateError where error.code == .timeout || error.code == .connectionLost {
                // Whether the submission was recorded is unknown; it must not be, when the caller is told so.
                try? await rollBackSubmission(of: topology)
                throw error
            }
        }
        throw StateError(
            .nodeExists,
            path: definition.description,
            "topology '\(name)' already exists",
            hint: "kill it first, or choose another name"
        )
    }

    /// Takes back ``recordSubmission(_:packingPlan:executionState:secret:)`` after a launch that failed.
    ///
    /// Does nothing if the state holds no submission under that name, or another one by now. May be repeated.
    public func rollBackSubmission(of topology: Topology) async throws {
        guard try await self.topology(topology.name)?.id == topology.id else { return }
        try await removeTopology(topology.name)
    }

    /// Removes everything that the state holds about a topology, in Heron's order: the definition last, so that a
    /// removal that fails half-way can be repeated.
    ///
    /// - Returns: whether the topology existed. If not, what it may have left behind is removed all the same.
    @discardableResult
    public func removeTopology(_ name: String) async throws -> Bool {
        for directory in [StateDirectory.tmanagers, .metricscaches, .packingplans, .pplans, .schedulers] {
            try await delete(StatePath(directory, name), version: nil)
        }
        for lock in try await locks(of: name) { try await deleteTree(lock) }
        for directory in [StateDirectory.executionstate, .statefulcheckpoints] {
            try await delete(StatePath(directory, name), version: nil)
        }
        try await deleteTree(StatePath(own: name))
        return try await delete(StatePath(.topologies, name), version: nil)
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

    /// The nodes of a topology that is not recorded, deepest first: leftovers of an earlier one.
    private func leftovers(of name: String) async throws -> [StatePath] {
        var found: [StatePath] = []
        for directory in StateDirectory.allCases where directory != .topologies && directory != .locks {
            let path = try StatePath(directory, name)
            if try await get(path) != nil { found.append(path) }
        }
        return try await found + tree(StatePath(own: name))
    }

    /// The node and all below it, deepest first; empty if there is none.
    private func tree(_ path: StatePath) async throws -> [StatePath] {
        guard try await get(path) != nil else { return [] }
        var found: [StatePath] = []
        for child in try await children(path) { found += try await tree(path.appending(child)) }
        return found + [path]
    }
}

extension Topology {
    /// The definition without the objects that only the instances need, which read them from the package.
    func withoutSerializedObjects() -> Topology {
        var topology = self
        for index in topology.spouts.indices { topology.spouts[index].comp.clearSerializedObject() }
        for index in topology.bolts.indices { topology.bolts[index].comp.clearSerializedObject() }
        return topology
    }
}
