import MesosProtocol

/// What `/metrics/snapshot` has of Mesos's metrics: the gauges, and the counts of tasks.
struct Metrics: Sendable {
    let core: MasterCore
    let isLeading: Bool

    var value: JSONValue {
        var members: [JSONValue.Member] = [("master/elected", isLeading ? 1 : 0)].map(Self.member)
        members += (agentCounts + frameworkCounts + taskCounts + resources).map(Self.member)
        members.append(Self.member("master/outstanding_offers", Double(core.offers.count)))
        members.append(Self.member("master/uptime_secs", core.now - core.startedAt))
        return .object(members.sorted { $0.name < $1.name })
    }

    private static func member(_ name: String, _ value: Double) -> JSONValue.Member {
        JSONValue.Member(name: name, value: .double(value))
    }

    private var agentCounts: [(String, Double)] {
        let agents = core.allAgents
        let connected = Double(agents.count(where: \.isConnected))
        let registered = Double(agents.count(where: \.isRegistered))
        let unreachable = agents.count { if case .unreachable = $0.presence { true } else { false } }
        return [
            ("master/slaves_active", connected),
            ("master/slaves_connected", connected),
            ("master/slaves_disconnected", registered - connected),
            ("master/slaves_inactive", registered - connected),
            ("master/slaves_unreachable", Double(unreachable)),
        ]
    }

    private var frameworkCounts: [(String, Double)] {
        let connected = Double(core.allFrameworks.count(where: \.isConnected))
        let others = Double(core.frameworks.count) - connected
        return [
            ("master/frameworks_active", connected),
            ("master/frameworks_connected", connected),
            ("master/frameworks_disconnected", others),
            ("master/frameworks_inactive", others),
        ]
    }

    /// Of ended tasks as many as are remembered: Mesos counts all that ever ended.
    private var taskCounts: [(String, Double)] {
        let tasks = (core.allFrameworks + core.completedFrameworks).flatMap(\.allTasks)
        let names: [(String, MesosTaskState)] = [
            ("staging", .taskStaging), ("starting", .taskStarting), ("running", .taskRunning),
            ("killing", .taskKilling), ("finished", .taskFinished), ("failed", .taskFailed), ("killed", .taskKilled),
            ("lost", .taskLost), ("error", .taskError), ("dropped", .taskDropped), ("gone", .taskGone),
            ("gone_by_operator", .taskGoneByOperator), ("unreachable", .taskUnreachable),
        ]
        return names.map { name, state in ("master/tasks_\(name)", Double(tasks.count { $0.state == state })) }
    }

    private var resources: [(String, Double)] {
        let total = core.allAgents.filter(\.isRegistered).reduce(into: ResourceSet()) { $0 += $1.total }
        let used = core.allFrameworks.reduce(into: ResourceSet()) { $0 += $1.used() }
        return ["cpus", "mem", "disk", "gpus"].flatMap { name in
            let (all, part) = (Double(total.thousandths(name)), Double(used.thousandths(name)))
            return [
                ("master/\(name)_total", all / 1000),
                ("master/\(name)_used", part / 1000),
                ("master/\(name)_percent", all > 0 ? part / all : 0),
            ]
        }
    }
}
