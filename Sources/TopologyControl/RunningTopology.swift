import HeronConfig
import HeronModel
import HeronState

/// A topology that exists in the state, found for a command.
public struct RunningTopology: Sendable {
    public let name: String
    /// Where the topology belongs and who submitted it; nil if that does not stand (a broken submission) or cannot be read.
    public let execution: ExecutionState?
    public let state: any StateManager

    /// Finds a topology.
    ///
    /// A role or environ that the user gave must be the topology's own; one that was left out is not compared.
    /// Throws ``ControlError`` if there is no such topology or it belongs elsewhere.
    public static func find(
        _ name: String,
        at address: TopologyAddress,
        in state: any StateManager
    ) async throws -> RunningTopology {
        try checkName(name)
        async let execution: ExecutionState? = readableExecution(name, state)
        // That it stands is enough: a definition that cannot be read must not keep a topology from being killed.
        guard try await state.get(try StatePath(.topologies, name)) != nil else { throw missing(name, at: address) }
        let found: RunningTopology = RunningTopology(name: name, execution: try await execution, state: state)
        try check(name, found.place, at: address)
        return found
    }

    /// Where the topology belongs; nil if its submission was broken off before that was written.
    public var place: ClusterRoleEnviron? {
        execution.map(ClusterRoleEnviron.init)
    }

    /// Throws ``ControlError`` if no topology can have the name.
    public static func checkName(_ name: String) throws {
        guard StatePath.isValidName(name) else { throw ControlError("'\(name)' cannot be a topology's name") }
    }

    /// That there is no topology of the name.
    public static func missing(_ name: String, at address: TopologyAddress) -> ControlError {
        ControlError("Topology '\(name)' does not exist", hint: "see: heron list \(address.cluster)")
    }

    /// Throws ``ControlError`` if a topology that runs at `place` is not the one that the user meant; what belongs to
    /// nowhere is everybody's.
    public static func check(_ name: String, _ place: ClusterRoleEnviron?, at address: TopologyAddress) throws {
        guard let place, !address.matches(place) else { return }
        throw ControlError(
            "cluster/role/environ does not match. Topology '\(name)' is running at \(place), not \(address)"
        )
    }

    private static func readableExecution(_ name: String, _ state: any StateManager) async throws -> ExecutionState? {
        do {
            return try await state.executionState(name)
        } catch let error as StateError where error.code == .corrupted {
            return nil
        }
    }

    /// The topology's id, from its execution state or its definition.
    public func id() async throws -> String {
        if let execution { return execution.topologyID }
        return try await state.topology(name)?.id ?? ""
    }
}

extension ClusterRoleEnviron {
    /// Where a topology with that execution state belongs.
    public init(_ execution: ExecutionState) {
        self.init(cluster: execution.cluster, role: execution.role, environ: execution.environ)
    }
}
