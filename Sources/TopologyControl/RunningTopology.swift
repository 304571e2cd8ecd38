import HeronConfig
import HeronModel
import HeronState

/// A topology that exists in the state, found for a command.
public struct RunningTopology: Sendable {
    public let name: String
    /// Where the topology belongs and who submitted it; nil if only its definition stands (a broken submission).
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
        guard StatePath.isValidName(name) else { throw ControlError("'\(name)' cannot be a topology's name") }
        guard try await state.topology(name) != nil else {
            throw ControlError("Topology '\(name)' does not exist", hint: "see: heron list \(address.cluster)")
        }
        let found: RunningTopology = RunningTopology(
            name: name,
            execution: try await state.executionState(name),
            state: state
        )
        try found.check(address)
        return found
    }

    /// Where the topology belongs; nil if its submission was broken off before that was written.
    public var place: ClusterRoleEnviron? {
        execution.map { ClusterRoleEnviron(cluster: $0.cluster, role: $0.role, environ: $0.environ) }
    }

    private func check(_ address: TopologyAddress) throws {
        guard let place, !address.matches(place) else { return }
        throw ControlError(
            "cluster/role/environ does not match. Topology '\(name)' is running at \(place), not \(address)"
        )
    }

    /// The topology's id, from its execution state or its definition.
    public func id() async throws -> String {
        if let execution { return execution.topologyID }
        return try await state.topology(name)?.id ?? ""
    }
}
