import HeronModel

/// Heron's messages by name of topology. Each is nil where the node does not exist, and throws `corrupted` where its
/// bytes are not the message that belongs there.
extension StateManager {
    /// The topology's definition as submitted: its `state` is the one at submission and never changes.
    public func topology(_ name: String) async throws -> Topology? {
        try await message(at: StatePath(.topologies, name))
    }

    /// Which instances run in which container.
    public func packingPlan(_ name: String) async throws -> PackingPlan? {
        try await message(at: StatePath(.packingplans, name))
    }

    /// What the topology's manager has formed of the stream managers that registered; holds the running state.
    public func physicalPlan(_ name: String) async throws -> PhysicalPlan? {
        try await message(at: StatePath(.pplans, name))
    }

    /// Who submitted the topology, when, and where it belongs.
    public func executionState(_ name: String) async throws -> ExecutionState? {
        try await message(at: StatePath(.executionstate, name))
    }

    /// Where the scheduler service listens.
    public func schedulerLocation(_ name: String) async throws -> SchedulerLocation? {
        try await message(at: StatePath(.schedulers, name))
    }

    /// Where the topology's manager listens.
    public func tmanagerLocation(_ name: String) async throws -> TManagerLocation? {
        try await message(at: StatePath(.tmanagers, name))
    }

    /// Where the topology's metrics cache listens.
    public func metricsCacheLocation(_ name: String) async throws -> MetricsCacheLocation? {
        try await message(at: StatePath(.metricscaches, name))
    }

    /// The names of all topologies, sorted. A topology runs, by Heron's rule, as long as its definition is there.
    public func topologyNames() async throws -> [String] {
        try await children(StatePath(.topologies))
    }
}

/// Messages at any node.
extension StateManager {
    /// The node's message, or nil if there is no node; throws ``StateError`` with code `corrupted` for other bytes.
    public func message<M: Message>(at path: StatePath, as type: M.Type = M.self) async throws -> M? {
        try await get(path).map { try M(node: $0, at: path) }
    }

    /// Creates a node from a message, as ``create(_:_:_:)`` does.
    public func create(_ path: StatePath, _ message: some Message, _ lifetime: NodeLifetime) async throws {
        try await create(path, message.stateData(at: path), lifetime)
    }

    /// Replaces a node's message, as ``set(_:_:version:)`` does.
    @discardableResult
    public func set(_ path: StatePath, _ message: some Message, version: Int32?) async throws -> StateNode {
        try await set(path, message.stateData(at: path), version: version)
    }

    /// The node's message now and after every change, as ``watch(_:)`` does; nil while there is no node.
    ///
    /// Ends with `corrupted` when the node holds other bytes.
    public func watch<M: Message>(
        _ path: StatePath,
        as type: M.Type
    ) -> AsyncThrowingMapSequence<AsyncThrowingStream<StateNode?, any Error>, M?> {
        watch(path).map { node in try node.map { try M(node: $0, at: path) } }
    }
}

extension Message {
    /// Decodes a node's bytes.
    init(node: StateNode, at path: StatePath) throws {
        do {
            try self.init(serializedBytes: node.data)
        } catch {
            let found = node.data.isEmpty ? "the node is empty" : "the node's \(node.data.count) bytes do not decode"
            throw StateError(
                .corrupted,
                path: path.description,
                "\(found); expected \(Self.protoMessageName)",
                hint: "kill the topology and submit it again"
            )
        }
    }

    /// The bytes of a node that holds the message; throws if a required field is not set.
    func stateData(at path: StatePath) throws -> [UInt8] {
        do {
            return try serializedBytes()
        } catch {
            let message = "not a complete \(Self.protoMessageName): a required field is not set"
            throw StateError(.corrupted, path: path.description, message)
        }
    }
}
