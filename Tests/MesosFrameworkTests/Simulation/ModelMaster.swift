import MesosFramework
import MesosProtocol

/// A Mesos master in a few rules, for one framework: what it answers, what it keeps, and what it forgets.
struct ModelMaster {
    /// A framework that it knows.
    struct Registration {
        let id: String
        var isConnected = true
        var isSuppressed = false
    }

    var isUp = true
    var generation = 1
    var registration: Registration?
    /// Ids that may never come back; forgotten with the master.
    var tombstones: Set<String> = []
    /// Whether it has lost its list of agents: then it does not know those that have not come back.
    var hasLostRegistry = false
    var offers: [String: (agent: String, resources: [MesosResource])] = [:]
    /// Agents that are not offered before a moment.
    var filters: [String: Moment] = [:]
    private var counter = 0

    mutating func newID(_ kind: String) -> String {
        counter += 1
        return "m\(generation)-\(kind)\(counter)"
    }

    /// Starts anew: nothing but the registry may have been kept.
    mutating func restart(losingRegistry: Bool) {
        isUp = true
        generation += 1
        registration = nil
        tombstones = []
        offers = [:]
        filters = [:]
        hasLostRegistry = losingRegistry
    }

    /// SUBSCRIBE; nil for a framework that was removed.
    mutating func subscribe(_ call: MesosCall) -> MesosEvent? {
        let given = call.frameworkID.value
        guard !tombstones.contains(given) else { return nil }
        let id = given.isEmpty ? newID("F") : given
        registration = Registration(id: id, isSuppressed: !call.subscribe.suppressedRoles.isEmpty)
        offers = [:]
        return MesosEvent.with { event in
            event.type = .subscribed
            event.subscribed.frameworkID.value = id
        }
    }

    /// What explicit reconciliation says about a task.
    func reconciled(_ id: String, agent: ModelAgent?) -> MesosTaskState? {
        guard let agent, agent.isRegistered || agent.isUnreachable else {
            return hasLostRegistry || agent == nil ? .taskUnknown : nil
        }
        if agent.isUnreachable { return .taskUnreachable }
        return agent.tasks[id].map(\.state) ?? .taskGone
    }

    static func status(
        _ task: String,
        _ agent: String,
        _ state: MesosTaskState,
        _ reason: MesosTaskStatus.Reason?
    ) -> MesosTaskStatus {
        MesosTaskStatus.with { status in
            status.taskID.value = task
            status.agentID.value = agent
            status.state = state
            if let reason { status.reason = reason }
        }
    }

    static func update(_ status: MesosTaskStatus) -> MesosEvent {
        MesosEvent.with { event in
            event.type = .update
            event.update.status = status
        }
    }
}
