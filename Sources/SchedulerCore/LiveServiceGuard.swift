import HeronState

/// Sees to it that a topology has at most one live scheduler.
///
/// An ephemeral node of its own, taken before the plugin is created and held until the end: the location in
/// `schedulers` is written only when the service can be reached, which is too late to keep a second one out.
public struct LiveServiceGuard: Sendable {
    private static let nodeName = "scheduler"

    private let path: StatePath
    private let state: any StateManager

    /// Takes the guard, or throws ``SchedulingError`` if another live service has it.
    public static func take(_ topology: String, _ state: any StateManager) async throws -> LiveServiceGuard {
        let path = try StatePath(own: topology, nodeName)
        do {
            try await state.create(path, [], .ephemeral)
        } catch let error as StateError where error.code == .nodeExists {
            throw SchedulingError(
                "topology '\(topology)' has a live scheduler already",
                hint: "nothing needs to be started; see: heron status"
            )
        }
        return LiveServiceGuard(path: path, state: state)
    }

    /// Whether a scheduler of the topology lives, be it that it is still starting or already ending.
    public static func isTaken(_ topology: String, _ state: any StateManager) async throws -> Bool {
        try await state.get(try StatePath(own: topology, nodeName)) != nil
    }

    /// Gives the guard back; that the process ends does the same.
    public func release() async {
        // A failure means that the session is over, and the node with it.
        _ = try? await state.delete(path, version: nil)
    }
}
