import HeronModel
import HeronState
import Logging

/// Reads what a topology manager begins with from the state.
struct TopologyLoader {
    let state: any StateManager
    let options: TopologyManagerOptions
    let log: Logger

    /// The topology as submitted; throws ``TopologyManagerError`` if it is not the one that this process is to manage.
    func topology() async throws -> Topology {
        guard let topology = try await state.topology(options.topologyName) else {
            throw TopologyManagerError("there is no topology \(options.topologyName) in the state (\(state.location))")
        }
        guard topology.name == options.topologyName, topology.id == options.topologyID else {
            throw TopologyManagerError(
                "the state (\(state.location)) has topology \(topology.name) with id \(topology.id), "
                    + "but this manager is for \(options.topologyName) with id \(options.topologyID)"
            )
        }
        let names = topology.spouts.map(\.comp.name) + topology.bolts.map(\.comp.name)
        if let twice = Dictionary(grouping: names, by: \.self).first(where: { $1.count > 1 })?.key {
            throw TopologyManagerError("topology \(topology.name) has two components with the name \(twice)")
        }
        return topology
    }

    /// The packing plan; waits until there is one.
    func packingPlan() async throws -> PackingPlan {
        for try await node in state.watch(try StatePath(.packingplans, options.topologyName)) {
            if let node, let plan = PackingPlan.decode(node, log) { return plan }
            log.notice("waiting for the packing plan of \(options.topologyName)")
        }
        throw CancellationError()
    }

    /// The physical plan that a predecessor stored; one of another submission, or that cannot be read, is deleted.
    func storedPlan() async throws -> PhysicalPlan? {
        do {
            guard let plan = try await state.physicalPlan(options.topologyName) else { return nil }
            if plan.topology.id == options.topologyID { return plan }
            log.warning("the stored physical plan is of submission \(plan.topology.id); deleting it")
        } catch let error as StateError where error.code == .corrupted {
            log.warning("\(error); deleting it")
        }
        try await state.delete(try StatePath(.pplans, options.topologyName), version: nil)
        return nil
    }
}

extension PackingPlan {
    /// The plan in a node, or nil, with a line in the log, if there is none.
    static func decode(_ node: StateNode, _ log: Logger) -> PackingPlan? {
        do {
            return try PackingPlan(serializedBytes: node.data)
        } catch {
            log.warning("the packing plan in the state cannot be read: \(error)")
            return nil
        }
    }
}
