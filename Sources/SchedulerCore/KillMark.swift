import HeronState

/// Says that somebody has begun to kill a topology: from then on nobody schedules it any more, whatever becomes of the
/// command that began.
///
/// Our own node `heron-swift/<topology>/killing`, which goes with the rest of the topology's state.
public enum KillMark {
    private static let nodeName = "killing"

    /// Marks a topology; fine if it is marked, or is gone by now, or none of ours.
    public static func set(_ topology: String, in state: any StateManager) async throws {
        let definition = try StatePath(.topologies, topology)
        guard let node: StateNode = try await state.get(definition) else { return }
        do {
            // In one step: a mark must not stay behind a topology that another command has just removed.
            try await state.multi([
                .check(definition, version: node.version),
                .create(try path(topology), [], .persistent),
            ])
        } catch let error as StateError where [.nodeExists, .noNode].contains(error.code) {
            return
        }
    }

    /// Whether a topology is being killed.
    public static func stands(_ topology: String, in state: any StateManager) async throws -> Bool {
        try await state.get(try path(topology)) != nil
    }

    private static func path(_ topology: String) throws -> StatePath {
        try StatePath(own: topology, nodeName)
    }
}
