import MesosProtocol

/// The master's state in the shape of its read-only endpoints, which is older than the API and differs from it.
struct StateJSON: Sendable {
    let core: MasterCore

    static let version = JSONValue.object([
        "build_date": .string("heron-mesos-dev"),
        "build_time": .double(0),
        "build_user": .string("heron"),
        "version": .string(MesosVersion.version),
    ])

    var state: JSONValue {
        let count: ((AgentRecord) -> Bool) -> JSONValue = { .double(Double(core.allAgents.count(where: $0))) }
        return Self.version.adding([
            "start_time": .double(core.startedAt),
            "elected_time": .double(core.startedAt),
            "id": .string(core.info.id),
            "pid": .string(core.info.pid),
            "hostname": .string(core.info.hostname),
            "capabilities": .strings(["AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"]),
            "activated_slaves": count { $0.isConnected },
            "deactivated_slaves": count { $0.isRegistered && !$0.isConnected },
            "unreachable_slaves": count { if case .unreachable = $0.presence { true } else { false } },
            "leader": .string(core.info.pid),
            "leader_info": .object([
                "id": .string(core.info.id),
                "pid": .string(core.info.pid),
                "port": .int(Int64(core.info.port)),
                "hostname": .string(core.info.hostname),
            ]),
            "flags": flags,
            "slaves": .array(registered.map { slave($0) }),
            "recovered_slaves": .array(recovered.map { slave($0) }),
            "frameworks": .array(core.allFrameworks.map { framework($0) }),
            "completed_frameworks": .array(core.completedFrameworks.map { framework($0) }),
            "orphan_tasks": .array([]),
            "unregistered_frameworks": .array([]),
        ])
    }

    var summary: JSONValue {
        .object([
            "hostname": .string(core.info.hostname),
            "slaves": .array(registered.map { slaveSummary($0) }),
            "frameworks": .array(core.allFrameworks.map { frameworkSummary($0) }),
        ])
    }

    /// What is set of Mesos's flags, as texts.
    var flags: JSONValue {
        let settings = core.settings
        return .object([
            "agent_ping_timeout": .string("\(settings.agentTimeout / 5)secs"),
            "agent_reregister_timeout": .string("\(settings.agentReregisterTimeout)secs"),
            "allocation_interval": .string("\(settings.allocationInterval)secs"),
            "max_agent_ping_timeouts": .string("5"),
            "min_allocatable_resources": .string("cpus:0.01|mem:32"),
            "offer_timeout": settings.offerTimeout.map { .string("\($0)secs") },
            "port": .string("\(core.info.port)"),
            "registry": .string("in_memory"),
            "roles": settings.roles.map { .string($0.joined(separator: ",")) },
        ])
    }

    var registered: [AgentRecord] { core.allAgents.filter(\.isRegistered) }
    var recovered: [AgentRecord] { core.allAgents.filter(\.isRecovered) }

    func slaves(only id: String?) -> JSONValue {
        let wanted: (AgentRecord) -> Bool = { id == nil || $0.id == id }
        return .object([
            "slaves": .array(
                registered.filter(wanted).map { agent in
                    let used = used(on: agent)
                    let offered = offered { $0.agent == agent.id }
                    return slave(agent).adding([
                        "reserved_resources_full": reserved(agent) { full($0) },
                        "unreserved_resources_full": full(unreserved(agent)),
                        "used_resources_full": full(used),
                        "offered_resources_full": full(offered),
                    ])
                }
            ),
            "recovered_slaves": .array(recovered.filter(wanted).map { slave($0) }),
        ])
    }

    func frameworks(only id: String?) -> JSONValue {
        let wanted: (FrameworkRecord) -> Bool = { id == nil || $0.id == id }
        return .object([
            "frameworks": .array(core.allFrameworks.filter(wanted).map { framework($0) }),
            "completed_frameworks": .array(core.completedFrameworks.filter(wanted).map { framework($0) }),
            "unregistered_frameworks": .array([]),
        ])
    }

    /// All tasks, ended ones too, those of the oldest framework first.
    func tasks(framework: String?, task: String?) -> [JSONValue] {
        let frameworks = (core.completedFrameworks + core.allFrameworks).filter {
            framework == nil || $0.id == framework
        }
        let tasks = frameworks.flatMap(\.allTasks).filter { task == nil || $0.taskID.value == task }
        return tasks.map { Self.task($0) }
    }

    var roles: JSONValue {
        var names: [String] = []
        for role in core.allFrameworks.flatMap(\.roles) where !names.contains(role) { names.append(role) }
        return .object([
            "roles": .array(
                names.sorted().map { name in
                    let members = core.allFrameworks.filter { $0.roles.contains(name) }
                    let isOfRole: (MesosResource) -> Bool = { $0.allocationInfo.role == name }
                    let allocated = members.reduce(into: ResourceSet()) { $0 += $1.used().filter(isOfRole) }
                    let offered = offered { $0.role == name }
                    return .object([
                        "name": .string(name),
                        "weight": .double(1),
                        "resources": quantities(allocated + offered),
                        "allocated": quantities(allocated),
                        "offered": quantities(offered),
                        "reserved": .object([]),
                        "frameworks": .strings(members.map(\.id)),
                    ])
                }
            )
        ])
    }
}
