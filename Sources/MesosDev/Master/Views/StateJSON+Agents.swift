import MesosProtocol

/// Agents and resources in the endpoints.
extension StateJSON {
    func slave(_ agent: AgentRecord) -> JSONValue {
        .object([
            "id": .string(agent.id),
            "hostname": .string(agent.info.hostname),
            "port": .int(Int64(agent.info.port)),
            "attributes": Self.attributes(agent.info.attributes),
            "pid": .string(agent.pid),
            "registered_time": .double(agent.registeredAt),
            "reregistered_time": agent.reregisteredAt.map { .double($0) },
            "resources": Self.summary(agent.total),
            "used_resources": Self.summary(used(on: agent)),
            "offered_resources": Self.summary(offered { $0.agent == agent.id }),
            "reserved_resources": reserved(agent) { Self.summary($0) },
            "unreserved_resources": Self.summary(unreserved(agent)),
            "active": .bool(agent.isConnected),
            "deactivated": .bool(false),
            "version": .string(MesosVersion.version),
            "capabilities": .strings(MesosVersion.agentCapabilities),
        ])
    }

    func slaveSummary(_ agent: AgentRecord) -> JSONValue {
        let tasks: [MesosTask] = core.allFrameworks.flatMap { framework in
            (framework.tasks.all.map(\.message) + framework.completedTasks).filter { $0.agentID == agent.info.id }
        }
        let frameworks = core.allFrameworks.filter { !$0.tasks.on(agent.id).isEmpty }
        let counted = counted(slave(agent), tasks)
        return counted.adding(["framework_ids": .strings(frameworks.map(\.id))])
    }

    /// The value with how many tasks there are in each state.
    func counted(_ value: JSONValue, _ tasks: [MesosTask]) -> JSONValue {
        let states: [(String, MesosTaskState)] = [
            ("TASK_STAGING", .taskStaging), ("TASK_STARTING", .taskStarting), ("TASK_RUNNING", .taskRunning),
            ("TASK_KILLING", .taskKilling), ("TASK_FINISHED", .taskFinished), ("TASK_KILLED", .taskKilled),
            ("TASK_FAILED", .taskFailed), ("TASK_LOST", .taskLost), ("TASK_ERROR", .taskError),
            ("TASK_UNREACHABLE", .taskUnreachable),
        ]
        let members = states.map { name, state in
            JSONValue.Member(name: name, value: .int(Int64(tasks.count { $0.state == state })))
        }
        return .object((value.members ?? []) + members)
    }

    func used(on agent: AgentRecord) -> ResourceSet {
        core.allFrameworks.reduce(into: ResourceSet()) { $0 += $1.used(on: agent.id) }
    }

    func offered(where condition: (OfferRecord) -> Bool) -> ResourceSet {
        core.offers.values.filter(condition).reduce(into: ResourceSet()) { $0 += $1.resources }
    }

    func unreserved(_ agent: AgentRecord) -> ResourceSet { agent.total.filter { $0.reservationRole == nil } }

    /// The reserved resources by role.
    func reserved(_ agent: AgentRecord, _ render: (ResourceSet) -> JSONValue) -> JSONValue {
        let roles = Set(agent.total.messages.compactMap(\.reservationRole)).sorted()
        return .object(
            roles.map { role in
                JSONValue.Member(name: role, value: render(agent.total.filter { $0.reservationRole == role }))
            }
        )
    }

    /// Sums by name, whatever the reservations: `{"cpus": 4.0, "ports": "[31000-31999]"}`.
    static func summary(_ resources: ResourceSet) -> JSONValue {
        var members = ["disk", "mem", "gpus", "cpus"].map { name in
            JSONValue.Member(name: name, value: .double(Double(resources.thousandths(name)) / 1000))
        }
        let ports = resources.ranges("ports")
        if !ports.isEmpty { members.append(JSONValue.Member(name: "ports", value: .string("\(ports)"))) }
        for name in resources.scalarNames where !["disk", "mem", "gpus", "cpus"].contains(name) {
            let value = JSONValue.double(Double(resources.thousandths(name)) / 1000)
            members.append(JSONValue.Member(name: name, value: value))
        }
        return .object(members)
    }

    /// Sums as numbers, ports as how many they are.
    func quantities(_ resources: ResourceSet) -> JSONValue {
        var members = resources.scalarNames.sorted().map { name in
            JSONValue.Member(name: name, value: .double(Double(resources.thousandths(name)) / 1000))
        }
        let ports = resources.ranges("ports")
        if !ports.isEmpty { members.append(JSONValue.Member(name: "ports", value: .double(Double(ports.count)))) }
        return .object(members)
    }

    /// The resources themselves, in the older format as the endpoints have them.
    func full(_ resources: ResourceSet) -> JSONValue {
        .array(resources.messages.map { MessageJSON.value($0.inOldFormat ?? $0) })
    }

    static func attributes(_ attributes: [MesosAttribute]) -> JSONValue {
        .object(
            attributes.map { attribute in
                let value: JSONValue =
                    switch attribute.type {
                    case .scalar: .double(attribute.scalar.value)
                    case .text: .string(attribute.text.value)
                    case .ranges:
                        .string("\(ResourceRanges(attribute.ranges.range.map { $0.begin...max($0.begin, $0.end) }))")
                    case .set: .string("{" + attribute.set.item.joined(separator: ", ") + "}")
                    }
                return JSONValue.Member(name: attribute.name, value: value)
            }
        )
    }
}
