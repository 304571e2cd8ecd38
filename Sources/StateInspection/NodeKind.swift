import HeronConfig
import HeronModel
import HeronState

/// What belongs at a place of the state.
public enum NodeKind: Sendable, Hashable {
    /// Heron's message about a topology, in any of its directories but `locks`.
    case message(StateDirectory)
    case lock
    case secret
    /// Where the topology's scheduler service belongs: JSON.
    case serviceRecord
    /// Stands once the topology was handed to its scheduler.
    case scheduledMark
    /// Stands once somebody has begun to kill the topology.
    case killMark
    /// Stands as long as a scheduler of the topology lives.
    case schedulerGuard
    /// What an executor says of the processes of its container: JSON.
    case processStatuses
    /// Which executor a container belongs to, so that an older one ends: JSON.
    case generation
    /// What a scheduler on Mesos knows of its framework: JSON.
    case mesosFramework
    /// What a scheduler on Mesos knows of a container's task: JSON.
    case mesosContainer
    /// Who holds a ZooKeeper session with ephemeral nodes: JSON.
    case session
    /// A node whose use is to have children.
    case folder
    /// Anything else: a plugin's, or other people's.
    case other

    /// The holders of ZooKeeper sessions, below the root.
    static let sessionsDirectory = "heron-swift-sessions"

    public init(_ path: StatePath) {
        let names: [String] = path.components
        self =
            switch (StateDirectory(rawValue: names[0]), names.count) {
            case (_, 1): .folder
            case (.locks, _): .lock
            case (let directory?, 2): .message(directory)
            case (nil, _) where names[0] == StatePath.ownDirectory: NodeKind(ownNames: names.dropFirst(2))
            case (nil, 2) where names[0] == NodeKind.sessionsDirectory: .session
            default: .other
            }
    }

    /// The kind of `heron-swift/<topology>/<names>`.
    private init(ownNames names: ArraySlice<String>) {
        self =
            switch names {
            case []: .folder
            case ["secret"]: .secret
            case ["service"]: .serviceRecord
            case ["scheduled"]: .scheduledMark
            case ["killing"]: .killMark
            case ["scheduler"]: .schedulerGuard
            case ["containers"], ["generations"], ["mesos"], ["mesos", "containers"]: .folder
            case ["mesos", "framework"]: .mesosFramework
            case _ where names.dropLast() == ["containers"]: .processStatuses
            case _ where names.dropLast() == ["generations"]: .generation
            case _ where names.dropLast() == ["mesos", "containers"]: .mesosContainer
            default: .other
            }
    }

    /// The kind in output: the name of Heron's message, or a word of ours.
    public var name: String {
        switch self {
        case .message: messageType?.protoMessageName ?? "unknown"
        case .lock: "lock"
        case .secret: "secret"
        case .serviceRecord: "service-record"
        case .scheduledMark: "scheduled-mark"
        case .killMark: "kill-mark"
        case .schedulerGuard: "scheduler-guard"
        case .processStatuses: "process-statuses"
        case .generation: "generation"
        case .mesosFramework: "mesos-framework"
        case .mesosContainer: "mesos-container"
        case .session: "session"
        case .folder: "folder"
        case .other: "unknown"
        }
    }

    /// The type of the message that belongs there, if one does.
    var messageType: (any Message.Type)? {
        guard case .message(let directory) = self else { return nil }
        return switch directory {
        case .topologies: Topology.self
        case .packingplans: PackingPlan.self
        case .executionstate: ExecutionState.self
        case .schedulers: SchedulerLocation.self
        case .tmanagers: TManagerLocation.self
        case .metricscaches: MetricsCacheLocation.self
        case .pplans: PhysicalPlan.self
        case .statefulcheckpoints: Heron_Proto_Ckptmgr_StatefulConsistentCheckpoints.self
        case .locks: nil
        }
    }
}

extension StatePath {
    /// The topology that the node is about; nil for a folder of all topologies and for other people's nodes.
    public var topology: String? {
        guard components.count > 1 else { return nil }
        switch StateDirectory(rawValue: components[0]) {
        case .locks: return StatePath.topology(ofLock: components[1])
        case nil where components[0] != StatePath.ownDirectory: return nil
        default: return components[1]
        }
    }

    /// A lock's name is `<topology>__<lock>`; the topology's own may contain two underscores too.
    private static func topology(ofLock name: String) -> String? {
        name.indices.last { name[$0...].hasPrefix("__") }.map { String(name[..<$0]) }
    }

    /// Whether the node's name, or a folder's in a topology's own part, says that the content is nobody's business.
    var isNamedSecret: Bool {
        components[0] == StatePath.ownDirectory && components.dropFirst(2).contains(where: ConfigReport.isSecret)
    }
}
