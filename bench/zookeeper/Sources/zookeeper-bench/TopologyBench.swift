import HeronModel
import HeronState

/// Times what is done with whole topologies:
///
///     submit NAME      records a submission
///     start NAME       writes what a running topology has in the state
///     kill NAME        removes the topology
///     fill COUNT       makes COUNT running topologies
///     list             reads of all topologies what `heron list` shows
struct TopologyBench: Sendable {
    private let state: any StateManager

    private static let containers = 4

    init(_ state: any StateManager) {
        self.state = state
    }

    /// The answer; nil if the command is another's.
    func answer(_ command: Command) async throws -> String? {
        let name = command.arguments.first ?? ""
        let time: Double
        switch command.name {
        case "submit": time = try await milliseconds { try await submit(name) }
        case "start": time = try await milliseconds { try await start(name) }
        case "kill": time = try await milliseconds { try await state.removeTopology(name) }
        case "fill": time = try await fill(command.number(0))
        case "list": return try await list()
        default: return nil
        }
        return #"{"milliseconds": \#(time)}"#
    }

    private func submit(_ name: String) async throws {
        try await state.recordSubmission(
            Self.topology(name),
            packingPlan: Self.packingPlan(name),
            executionState: Self.executionState(name),
            secret: .random()
        )
    }

    private func start(_ name: String) async throws {
        var plan = PhysicalPlan()
        plan.topology = Self.topology(name)
        try await state.create(StatePath(.pplans, name), plan, .persistent)
        // Bytes will do for what is removed unread.
        let bytes = [UInt8](repeating: 0, count: 100)
        for directory: StateDirectory in [.schedulers, .tmanagers, .metricscaches, .statefulcheckpoints] {
            try await state.create(StatePath(directory, name), bytes, .persistent)
        }
        for container in 0..<Self.containers {
            try await state.create(StatePath(own: name, "containers", "\(container)"), bytes, .persistent)
        }
    }

    private func fill(_ count: Int) async throws -> Double {
        try await milliseconds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    if number >= 16 { try await group.next() }
                    group.addTask {
                        try await submit("topology-\(number)")
                        try await start("topology-\(number)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// As many reads at a time as `heron list` makes.
    private func list() async throws -> String {
        var found = 0
        let time = try await milliseconds {
            found = try await withThrowingTaskGroup(of: Bool.self) { group in
                var found = 0
                for (index, name) in try await state.topologyNames().enumerated() {
                    if index >= 64, try await group.next() == true { found += 1 }
                    group.addTask {
                        async let plan = state.physicalPlan(name)
                        async let execution = state.executionState(name)
                        return try await (plan, execution) != (nil, nil)
                    }
                }
                return try await group.reduce(found) { $0 + ($1 ? 1 : 0) }
            }
        }
        return #"{"milliseconds": \#(time), "topologies": \#(found)}"#
    }
}

/// Messages of a usual size.
extension TopologyBench {
    private static func topology(_ name: String) -> Topology {
        var topology = Topology()
        topology.id = "\(name)-id"
        topology.name = name
        topology.state = .running
        topology.spouts = (0..<2).map { number in
            var spout = Heron_Proto_Api_Spout()
            spout.comp = component("spout-\(number)")
            return spout
        }
        topology.bolts = (0..<4).map { number in
            var bolt = Heron_Proto_Api_Bolt()
            bolt.comp = component("bolt-\(number)")
            return bolt
        }
        return topology
    }

    private static func component(_ name: String) -> Component {
        var component = Component()
        component.name = name
        component.config = TopologyConfig()
        return component
    }

    private static func packingPlan(_ name: String) -> PackingPlan {
        var plan = PackingPlan()
        plan.id = "\(name)-plan"
        return plan
    }

    private static func executionState(_ name: String) -> ExecutionState {
        var state = ExecutionState()
        state.topologyName = name
        state.topologyID = "\(name)-id"
        state.cluster = "localzk"
        state.environ = "default"
        state.role = "bench"
        state.submissionUser = "bench"
        state.submissionTime = 1_700_000_000
        return state
    }
}
