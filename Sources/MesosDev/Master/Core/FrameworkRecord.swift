import MesosProtocol

/// What a master knows of a framework.
struct FrameworkRecord: Sendable {
    enum Presence: Sendable, Hashable {
        case connected(stream: String)
        /// Removed at the time given unless it subscribes again.
        case disconnected(until: Double)
        /// Known from agents only; nothing removes it but an operator.
        case recovered
    }

    var info: MesosFrameworkInfo
    var presence: Presence
    /// Who authenticated as this framework.
    let principal: String?
    let registeredAt: Double
    var reregisteredAt: Double
    var unregisteredAt: Double?
    var suppressed: Set<String> = []
    var filters: [OfferFilter] = []
    /// By id, in the order of their launch.
    var tasks = TaskTable()
    var unreachableTasks = TaskTable()
    /// The oldest first.
    var completedTasks: [MesosTask] = []

    var id: String { info.id.value }
    var stream: String? { if case .connected(let stream) = presence { stream } else { nil } }
    var isConnected: Bool { stream != nil }
    var isPartitionAware: Bool { has(.partitionAware) }

    /// The roles it takes offers for.
    var roles: [String] { has(.multiRole) ? info.roles : [info.role] }

    /// Those that have ended first, as far as they are remembered.
    var allTasks: [MesosTask] {
        completedTasks + unreachableTasks.all.map(\.message) + tasks.all.map(\.message)
    }

    func has(_ capability: MesosFrameworkInfo.Capability.TypeEnum) -> Bool {
        info.capabilities.contains { $0.hasType && $0.type == capability }
    }

    /// The resources of tasks that run on an agent, or on all.
    func used(on agent: String? = nil) -> ResourceSet {
        tasks.all.reduce(into: ResourceSet()) { sum, task in
            if task.holdsResources, agent == nil || task.message.agentID.value == agent { sum += task.resources }
        }
    }
}

/// Hides an agent from a role of a framework, while no more is free on it than was refused.
struct OfferFilter: Sendable {
    let agent: String
    let role: String
    let refused: ResourceSet
    /// Seconds of the Unix epoch.
    let expiry: Double
}
