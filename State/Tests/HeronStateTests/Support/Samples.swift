import Glibc
import HeronModel

/// Complete messages, as small as they can be.
enum Samples {
    static func topology(_ name: String, id: String = "1") -> Topology {
        var topology = Topology()
        topology.id = "\(name)\(id)"
        topology.name = name
        topology.state = .running
        var component = Component()
        component.name = "word"
        component.config = TopologyConfig()
        component.serializedObject.append(contentsOf: [1, 2, 3])
        var spout = Heron_Proto_Api_Spout()
        spout.comp = component
        var bolt = Heron_Proto_Api_Bolt()
        bolt.comp = component
        topology.spouts = [spout]
        topology.bolts = [bolt]
        return topology
    }

    static func packingPlan(_ id: String) -> PackingPlan {
        var plan = PackingPlan()
        plan.id = id
        return plan
    }

    static func executionState(_ name: String) -> ExecutionState {
        var state = ExecutionState()
        state.topologyName = name
        state.topologyID = name + "1"
        state.cluster = "local"
        state.environ = "default"
        state.role = "alice"
        return state
    }
}

/// Data made by Heron itself, which is not in the repository.
enum Golden {
    static let directory = getenv("HERON_GOLDEN").map { String(cString: $0) }

    static func read(_ path: String) throws -> [UInt8] {
        guard let directory, let bytes = Files.read("\(directory)/\(path)") else {
            throw TestFailure("no golden file \(path)")
        }
        return bytes
    }
}
