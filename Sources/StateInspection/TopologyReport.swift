import FoundationEssentials
import HeronJSON
import HeronModel
import HeronState

/// What the state says about one topology; its JSON is the output of `heron state show <cluster> <topology>`.
///
/// A part is nil where its node is missing or damaged; ``missing`` and ``nodes`` say which.
public struct TopologyReport: Encodable, Sendable {
    public let topology: String
    public private(set) var submission: Submission?
    public private(set) var definition: Definition?
    public private(set) var packingPlan: Packing?
    public private(set) var physicalPlan: Physical?
    public private(set) var scheduler: Scheduler?
    public private(set) var tmanager: Location?
    public private(set) var metricsCache: Location?
    /// The ids of the checkpoints that all instances have completed, as they are ordered in the node.
    public private(set) var checkpoints: [String]?
    /// Where the scheduler service belongs, without secrets.
    public private(set) var service: JSONValue?
    /// Whether the topology was handed to its scheduler.
    public private(set) var isScheduled = false
    /// Whether a scheduler of the topology lives.
    public private(set) var schedulerLives = false
    /// Whether the topology has a secret.
    public private(set) var hasSecret = false
    public private(set) var processes: [ProcessStatus] = []
    /// The paths of its locks; those of Heron's Java client are folders, which stay behind empty.
    public private(set) var locks: [String] = []
    /// Nodes that a topology that runs has, and this one has not.
    public let missing: [String]
    /// What does not fit together, a line each.
    public private(set) var conflicts: [String] = []
    /// Every node of the topology.
    public let nodes: [NodeSummary]

    enum CodingKeys: String, CodingKey {
        case topology, submission, definition, scheduler, tmanager, checkpoints, service, processes, locks, missing
        case conflicts, nodes
        case packingPlan = "packing_plan"
        case physicalPlan = "physical_plan"
        case metricsCache = "metrics_cache"
        case isScheduled = "scheduled"
        case schedulerLives = "scheduler_lives"
        case hasSecret = "secret"
    }

    /// Reads the topology's nodes that were found.
    public init(_ topology: String, _ found: [StateInspector.Found], _ inspector: StateInspector) async throws {
        let nodes: [InspectedNode] = try await inspector.nodes(found) { $0 }
        self.topology = topology
        self.nodes = nodes.map(\.summary)
        let paths: Set<StatePath> = Set(nodes.map(\.path))
        missing = try TopologyReport.expected(topology).filter { !paths.contains($0) }.map(\.description)
        for node in nodes { add(node) }
        processes.sort { ($0.container, $0.name) < ($1.container, $1.name) }
        conflicts = TopologyReport.conflicts(nodes)
    }

    private static func expected(_ topology: String) throws -> [StatePath] {
        try [.topologies, .packingplans, .executionstate, .schedulers, .tmanagers, .metricscaches, .pplans]
            .map { try StatePath($0, topology) }
            + ["secret", "service", "scheduled", "scheduler"].map { try StatePath(own: topology, $0) }
    }

    private mutating func add(_ node: InspectedNode) {
        switch node.content {
        case .message(let message): add(message)
        case .json(let value, _): add(value, node)
        case .secret where node.kind == .secret: hasSecret = true
        case .empty, .bytes, .secret, .damaged: break
        }
        switch node.kind {
        case .lock: locks.append(node.path.description)
        case .scheduledMark: isScheduled = true
        case .schedulerGuard: schedulerLives = true
        default: break
        }
    }

    private mutating func add(_ message: any Message) {
        switch message {
        case let message as Topology: definition = Definition(message)
        case let message as PackingPlan: packingPlan = Packing(message)
        case let message as ExecutionState: submission = Submission(message)
        case let message as SchedulerLocation: scheduler = Scheduler(message)
        case let message as TManagerLocation: tmanager = Location(message)
        case let message as MetricsCacheLocation: metricsCache = Location(message)
        case let message as PhysicalPlan: physicalPlan = Physical(message)
        case let message as Heron_Proto_Ckptmgr_StatefulConsistentCheckpoints:
            // Heron begins with an entry that has no id.
            checkpoints = message.consistentCheckpoints.map(\.checkpointID).filter { !$0.isEmpty }
        default: break
        }
    }

    private mutating func add(_ value: JSONValue, _ node: InspectedNode) {
        switch node.kind {
        case .serviceRecord: service = value
        case .processStatuses:
            // An executor of another version may say it differently; the node is in the list all the same.
            let decoded = try? JSONDecoder().decode([ProcessStatus].self, from: Data(node.data ?? []))
            processes += decoded ?? []
        default: break
        }
    }

    /// Nodes that an earlier or another submission of the name has left.
    private static func conflicts(_ nodes: [InspectedNode]) -> [String] {
        guard let topology: Topology = nodes.lazy.compactMap({ $0.message() }).first else { return [] }
        return nodes.compactMap { node in
            guard case .message(let message) = node.content, let id = submissionID(message), id != topology.id else {
                return nil
            }
            return "\(node.path) is of another submission: \(id), not \(topology.id)"
        }
    }

    private static func submissionID(_ message: any Message) -> String? {
        switch message {
        case let message as PackingPlan: message.id
        case let message as ExecutionState: message.topologyID
        case let message as TManagerLocation: message.topologyID
        case let message as MetricsCacheLocation: message.topologyID
        case let message as PhysicalPlan: message.topology.id
        default: nil
        }
    }
}
