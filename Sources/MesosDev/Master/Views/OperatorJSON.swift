import MesosProtocol

/// The answers of the operator API's calls that read.
struct OperatorJSON: Sendable {
    let core: MasterCore

    /// The answer to a call by its type; nil of one that is not simulated.
    func answer(_ type: String) -> JSONValue? {
        let body: JSONValue
        switch type {
        case "GET_HEALTH": body = .object(["healthy": .bool(true)])
        case "GET_FLAGS": body = flags
        case "GET_VERSION": body = .object(["version_info": StateJSON.version])
        case "GET_METRICS": body = metrics
        case "GET_MASTER": body = master
        case "GET_STATE":
            body = .object([
                "get_tasks": tasks,
                "get_executors": .object(["executors": .array([])]),
                "get_frameworks": frameworks,
                "get_agents": agents,
            ])
        case "GET_TASKS": body = tasks
        case "GET_EXECUTORS": body = .object(["executors": .array([])])
        case "GET_FRAMEWORKS": body = frameworks
        case "GET_AGENTS": body = agents
        case "GET_ROLES": body = roles
        case "GET_MAINTENANCE_SCHEDULE":
            body = .object(["schedule": MaintenanceJSON.schedule(core.maintenance)])
        case "GET_WEIGHTS", "GET_QUOTA", "GET_OPERATIONS": return .object(["type": .string(type)])
        default: return nil
        }
        return .object([
            JSONValue.Member(name: "type", value: .string(type)),
            JSONValue.Member(name: type.lowercased(), value: body),
        ])
    }

    private var flags: JSONValue {
        let flags = StateJSON(core: core).flags.members ?? []
        return .object(["flags": .array(flags.map { .object(["name": .string($0.name), "value": $0.value]) })])
    }

    private var metrics: JSONValue {
        let metrics = Metrics(core: core, isLeading: true).value.members ?? []
        return .object(["metrics": .array(metrics.map { .object(["name": .string($0.name), "value": $0.value]) })])
    }

    private var master: JSONValue {
        .object([
            "master_info": MessageJSON.value(core.info),
            "start_time": .double(core.startedAt),
            "elected_time": .double(core.startedAt),
        ])
    }

    private var tasks: JSONValue {
        let frameworks = core.allFrameworks
        let completed = (core.completedFrameworks + frameworks).flatMap(\.completedTasks)
        return .object([
            "tasks": .array(frameworks.flatMap(\.tasks.all).map { MessageJSON.value($0.message) }),
            "unreachable_tasks": .array(
                frameworks.flatMap(\.unreachableTasks.all).map { MessageJSON.value($0.message) }
            ),
            "completed_tasks": .array(completed.map { MessageJSON.value($0) }),
        ])
    }

    private var frameworks: JSONValue {
        .object([
            "frameworks": .array(core.allFrameworks.map { framework($0) }),
            "completed_frameworks": .array(core.completedFrameworks.map { framework($0) }),
        ])
    }

    private func framework(_ framework: FrameworkRecord) -> JSONValue {
        var info = framework.info
        // Mesos writes fields with a default whether they are set or not.
        info.failoverTimeout = framework.info.failoverTimeout
        info.checkpoint = framework.info.checkpoint
        let offers = core.offers.values.filter { $0.framework == framework.id }
        let offered = offers.reduce(into: ResourceSet()) { $0 += $1.resources }
        let used = framework.used()
        return .object([
            "framework_info": MessageJSON.value(info),
            "active": .bool(framework.isConnected),
            "connected": .bool(framework.isConnected),
            "recovered": .bool(framework.presence == .recovered),
            "registered_time": time(framework.registeredAt),
            "reregistered_time": time(framework.reregisteredAt),
            "unregistered_time": framework.unregisteredAt.map { time($0) },
            "offers": offers.isEmpty
                ? nil : .array(offers.compactMap { core.message($0) }.map { MessageJSON.value($0) }),
            "allocated_resources": used.isEmpty ? nil : StateJSON(core: core).full(used),
            "offered_resources": offered.isEmpty ? nil : StateJSON(core: core).full(offered),
            "offer_constraints": .object([]),
        ])
    }

    private var agents: JSONValue {
        let state = StateJSON(core: core)
        return .object([
            "agents": .array(state.registered.map { agent($0, state) }),
            "recovered_agents": .array(state.recovered.map { MessageJSON.value($0.info) }),
        ])
    }

    private func agent(_ agent: AgentRecord, _ state: StateJSON) -> JSONValue {
        let used = state.used(on: agent)
        let offered = state.offered { $0.agent == agent.id }
        return .object([
            "agent_info": MessageJSON.value(agent.info),
            "active": .bool(agent.isConnected),
            "deactivated": .bool(false),
            "version": .string(MesosVersion.version),
            "pid": .string(agent.pid),
            "registered_time": time(agent.registeredAt),
            "reregistered_time": agent.reregisteredAt.map { time($0) },
            "total_resources": state.full(agent.total),
            "allocated_resources": used.isEmpty ? nil : state.full(used),
            "offered_resources": offered.isEmpty ? nil : state.full(offered),
            "capabilities": .array(MesosVersion.agentCapabilities.map { .object(["type": .string($0)]) }),
        ])
    }

    private var roles: JSONValue {
        let roles = StateJSON(core: core).roles["roles"]?.elements ?? []
        return .object([
            "roles": .array(
                roles.map { role in
                    .object([
                        "name": role["name"],
                        "weight": role["weight"],
                        "frameworks": .array(
                            (role["frameworks"]?.elements ?? []).map { .object(["value": $0]) }
                        ),
                    ])
                }
            )
        ])
    }

    private func time(_ seconds: Double) -> JSONValue {
        .object(["nanoseconds": .int(Int64(seconds * 1_000_000_000))])
    }
}
