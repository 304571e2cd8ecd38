import HeronModel

/// One submission on its way into the state.
struct SubmissionRecord: Sendable {
    /// A node to create.
    private struct Part {
        let path: StatePath
        let data: [UInt8]

        var creation: StateOperation { .create(path, data, .persistent) }
    }

    private let state: any StateManager
    private let topology: Topology
    private let definition: Part
    private let packingPlan: Part
    private let executionState: Part
    private let ownFolder: Part
    /// Random, and therefore what tells this submission from every other.
    private let secret: Part

    /// What a topology that never ran does not have.
    private static let absent: [StateDirectory] = [
        .tmanagers, .metricscaches, .pplans, .schedulers, .statefulcheckpoints,
    ]
    /// How often leftovers are looked for that change while they are looked at.
    private static let attempts = 5
    /// How many leftovers are deleted in the step that creates the nodes.
    private static let leftoverLimit = 400

    init(
        _ topology: Topology,
        packingPlan: PackingPlan,
        executionState: ExecutionState,
        secret: TopologySecret,
        in state: any StateManager
    ) throws {
        let name = topology.name
        func part(_ path: StatePath, _ message: some Message) throws -> Part {
            Part(path: path, data: try message.stateData(at: path))
        }
        self.state = state
        self.topology = topology
        definition = try part(StatePath(.topologies, name), topology.withoutSerializedObjects())
        self.packingPlan = try part(StatePath(.packingplans, name), packingPlan)
        self.executionState = try part(StatePath(.executionstate, name), executionState)
        ownFolder = Part(path: try StatePath(own: name), data: [])
        self.secret = Part(path: try .secret(of: name), data: Array(secret.text.utf8))
    }

    /// Writes all nodes or none.
    func write() async throws {
        do {
            try await writeAtOnce()
        } catch let error as StateError where error.code == .tooLarge {
            // Without a path it is the sum that no server takes in one step.
            guard error.path.isEmpty else { throw wayOut(error) }
            try await writeOneByOne()
        } catch let error as StateError where error.leavesWriteUnknown {
            try await settle(error)
        } catch let error as CancellationError {
            throw await undone(error)
        }
    }

    // MARK: In one step

    private func writeAtOnce() async throws {
        var leftovers: [StatePath] = []
        // What is left behind may change while it is looked at; whoever wins the name ends that.
        for _ in 0..<SubmissionRecord.attempts {
            do {
                let early = leftovers.dropLast(SubmissionRecord.leftoverLimit)
                try await state.delete(early, guardedBy: .checkAbsent(definition.path))
                return try await state.multi(operations(replacing: leftovers.suffix(SubmissionRecord.leftoverLimit)))
            } catch let error as StateError where [.nodeExists, .noNode, .notEmpty].contains(error.code) {
                if error.path == definition.path.description {
                    throw error.code == .nodeExists ? alreadyExists() : error
                }
                let found = try await TopologyNodes.read(topology.name, from: state)
                guard found.definition == nil else { throw alreadyExists() }
                leftovers = found.leftovers
            }
        }
        throw StateError(
            .nodeExists,
            path: ownFolder.path.description,
            "processes of an earlier topology '\(topology.name)' keep writing to the state",
            hint: "end its executors, or choose another name"
        )
    }

    private func operations(replacing leftovers: some Sequence<StatePath>) throws -> [StateOperation] {
        let replaced = Set(leftovers)
        let absent = try SubmissionRecord.absent.map { try StatePath($0, topology.name) }
        return [definition.creation]
            + leftovers.map { .delete($0, version: nil) }
            + absent.filter { !replaced.contains($0) }.map { .checkAbsent($0) }
            + [packingPlan, executionState, ownFolder, secret].map(\.creation)
    }

    // MARK: In several steps

    /// The definition first: it decides which of several submissions wins the name.
    private func writeOneByOne() async throws {
        do {
            try await create(definition)
            let leftovers = try await TopologyNodes.read(topology.name, from: state).leftovers
            for path in leftovers { try await state.deleteTree(path) }
            for part in [secret, packingPlan, executionState] { try await create(part) }
        } catch let error as StateError where error.code == .nodeExists && error.path == definition.path.description {
            throw alreadyExists()
        } catch {
            throw await undone(error)
        }
    }

    private func create(_ part: Part) async throws {
        try Task.checkCancellation()
        try await state.create(part.path, part.data, .persistent)
    }

    // MARK: Unknown outcome

    /// Finds out what became of the step whose answer was lost; returns if it took place.
    private func settle(_ failure: StateError) async throws {
        let isMine: Bool?
        do {
            isMine = try await isRecorded()
        } catch let error as CancellationError {
            throw await undone(error)
        } catch {
            throw unknown(failure)
        }
        switch isMine {
        case true?: return
        case false?: throw alreadyExists()
        case nil: throw failure
        }
    }

    /// Whether the topology that stands is this submission; nil if there is none.
    private func isRecorded() async throws -> Bool? {
        do {
            // A write, because a read may be answered by a server that lags behind.
            try await state.multi([.checkAbsent(definition.path)])
            return nil
        } catch let error as StateError where error.code == .nodeExists {
            return try await state.get(secret.path)?.data == secret.data
        }
    }

    /// Takes back what may have been written, even if this task is cancelled; the error to throw.
    private func undone(_ failure: any Error) async -> any Error {
        let undoing = Task.detached {
            // By the id: where nodes are written one by one, the secret may not be there yet.
            if try await isRecorded() != nil { try await state.rollBackSubmission(of: topology) }
        }
        guard case .failure(let error) = await undoing.result else { return failure }
        return unknown(failure as? StateError ?? StateError(.timeout, path: "", "interrupted, and then: \(error)"))
    }

    // MARK: Errors

    private func unknown(_ failure: StateError) -> StateError {
        StateError(
            failure.code,
            path: failure.path,
            failure.message,
            hint: "'\(topology.name)' may have been recorded: when the state is back, see heron list, and kill it"
        )
    }

    private func alreadyExists() -> StateError {
        StateError(
            .nodeExists,
            path: definition.path.description,
            "topology '\(topology.name)' already exists",
            hint: "kill it first, or choose another name"
        )
    }

    /// The error of a node that is too large, with what can be done about it.
    private func wayOut(_ error: StateError) -> StateError {
        let hint: String? =
            switch error.path {
            case definition.path.description:
                "use fewer components or less configuration in them, and put data into the topology's package; "
                    + "the limit is that of all of Heron's clients, so a larger jute.maxbuffer on the server is no help"
            case packingPlan.path.description:
                "use fewer containers or instances"
            default:
                error.hint
            }
        return StateError(.tooLarge, path: error.path, error.message, hint: hint)
    }
}

extension StateError {
    /// Whether the write that failed with this error may have taken place.
    var leavesWriteUnknown: Bool {
        code == .timeout
    }
}

extension Topology {
    /// The definition without the objects that only the instances need, which read them from the package.
    fileprivate func withoutSerializedObjects() -> Topology {
        var topology = self
        for index in topology.spouts.indices { topology.spouts[index].comp.clearSerializedObject() }
        for index in topology.bolts.indices { topology.bolts[index].comp.clearSerializedObject() }
        return topology
    }
}
