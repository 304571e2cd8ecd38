import HeronConfig
import HeronModel
import HeronState
import SchedulerCore
import StateInspection

/// A topology in a line, as `heron list` shows it; its JSON is the command's output.
public struct TopologySummary: Codable, Sendable, Hashable {
    public var name: String
    public var id: String
    public var role: String?
    public var environ: String?
    /// `PENDING` until every instance has registered once, then `RUNNING` or `PAUSED`; `KILLING` once a kill has begun;
    /// `UNKNOWN` if that cannot be read.
    public var state: String
    /// The login name of whoever submitted it.
    public var user: String?
    /// When it was submitted, in seconds since the epoch.
    public var submitted: Int64?

    /// What of the topology cannot be read, a line each with the node's path; nil if nothing.
    public var problems: [String]?

    /// All topologies that an address names, sorted by name.
    ///
    /// A topology whose state cannot be read is in the list all the same, with ``problems``. Throws only what concerns
    /// the state as a whole, such as a lost connection.
    public static func all(_ state: any StateManager, at address: TopologyAddress) async throws -> [TopologySummary] {
        try await state.topologyNames().mapConcurrently { try await find($0, at: address, in: state) }
            .compactMap { $0 }
    }

    /// Nil if the topology belongs elsewhere, or is gone in the meantime.
    private static func find(
        _ name: String,
        at address: TopologyAddress,
        in state: any StateManager
    ) async throws -> TopologySummary? {
        async let readPlan: Readable<PhysicalPlan> = .of { try await state.physicalPlan(name) }
        async let isBeingKilled: Bool = KillMark.stands(name, in: state)
        let execution: Readable<ExecutionState> = try await .of { try await state.executionState(name) }
        var problems: [String?] = [execution.problem]
        var id: String = execution.value?.topologyID ?? ""
        if let execution = execution.value {
            guard address.matches(ClusterRoleEnviron(execution)) else { return nil }
        } else {
            // The definition can be large; whoever has an execution state needs it not.
            let definition: Readable<Topology> = try await .of { try await state.topology(name) }
            if definition.value == nil, definition.problem == nil { return nil }
            id = definition.value?.id ?? ""
            problems.append(definition.problem)
        }
        let plan: Readable<PhysicalPlan> = try await readPlan
        problems.append(plan.problem)
        var summary = TopologySummary(name, id: id, execution: execution.value, plan: plan.value)
        if plan.problem != nil { summary.state = "UNKNOWN" }
        if try await isBeingKilled { summary.state = killing }
        let told: [String] = problems.compactMap { $0 }
        if !told.isEmpty { summary.problems = told }
        return summary
    }

    static func of(_ topology: RunningTopology) async throws -> TopologySummary {
        var summary = TopologySummary(
            topology.name,
            id: try await topology.id(),
            execution: topology.execution,
            plan: try await topology.state.physicalPlan(topology.name)
        )
        if try await KillMark.stands(topology.name, in: topology.state) { summary.state = killing }
        return summary
    }

    private static let killing = "KILLING"

    /// Whether a kill has begun; another one can end it.
    var isBeingKilled: Bool { state == TopologySummary.killing }

    private init(_ name: String, id: String, execution: ExecutionState?, plan: PhysicalPlan?) {
        self.name = name
        self.id = id
        role = execution?.role
        environ = execution?.environ
        state = TopologySummary.stateName(plan)
        user = execution?.submissionUser
        submitted = execution?.submissionTime
    }

    private static func stateName(_ plan: PhysicalPlan?) -> String {
        switch plan?.topology.state {
        case .running: "RUNNING"
        case .paused: "PAUSED"
        case .killed: "KILLED"
        case nil: "PENDING"
        }
    }
}

/// A message of the state, or why it cannot be read.
private struct Readable<Value: Sendable>: Sendable {
    let value: Value?
    let problem: String?

    /// Throws only what concerns more than one node.
    static func of(_ read: () async throws -> Value?) async throws -> Readable {
        do {
            return Readable(value: try await read(), problem: nil)
        } catch let error as StateError where error.concernsOneNode {
            return Readable(value: nil, problem: "\(error)")
        }
    }
}
