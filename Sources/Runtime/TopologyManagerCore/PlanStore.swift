import HeronModel
import HeronState

/// The `pplans` node of one topology.
struct PlanStore: Sendable {
    private let state: any StateManager
    private let path: StatePath

    init(state: any StateManager, topology: String) throws {
        self.state = state
        path = try StatePath(.pplans, topology)
    }

    /// Writes the plan, whether or not the node exists.
    func store(_ plan: PhysicalPlan) async throws {
        let data: [UInt8] = try plan.serializedBytes()
        do {
            try await state.set(path, data, version: nil)
        } catch let error as StateError where error.code == .noNode {
            try await state.create(path, data, .persistent)
        }
    }

    /// Deletes the node, if there is one.
    func delete() async throws {
        try await state.delete(path, version: nil)
    }
}
