import HeronModel
import HeronState

/// A topology in a line, as `heron list` shows it; its JSON is the command's output.
public struct TopologySummary: Codable, Sendable, Hashable {
    public var name: String
    public var id: String
    public var role: String?
    public var environ: String?
    /// `PENDING` until every instance has registered once, then `RUNNING` or `PAUSED`.
    public var state: String
    /// The login name of whoever submitted it.
    public var user: String?
    /// When it was submitted, in seconds since the epoch.
    public var submitted: Int64?

    /// All topologies that the session's address names, sorted by name.
    public static func all(_ session: ClusterSession) async throws -> [TopologySummary] {
        var result: [TopologySummary] = []
        for name in try await session.state.topologyNames() {
            // One that is being killed meanwhile, or belongs elsewhere, is not listed.
            guard let topology = try? await RunningTopology.find(name, at: session.address, in: session.state) else {
                continue
            }
            result.append(try await of(topology))
        }
        return result
    }

    static func of(_ topology: RunningTopology) async throws -> TopologySummary {
        let plan: PhysicalPlan? = try await topology.state.physicalPlan(topology.name)
        return TopologySummary(
            name: topology.name,
            id: try await topology.id(),
            role: topology.execution?.role,
            environ: topology.execution?.environ,
            state: stateName(plan),
            user: topology.execution?.submissionUser,
            submitted: topology.execution?.submissionTime
        )
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
