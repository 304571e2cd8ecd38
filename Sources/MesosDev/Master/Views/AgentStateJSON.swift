import MesosProtocol

/// An agent's `/state`: the frameworks that have tasks there whose end is not acknowledged.
struct AgentStateJSON: Sendable {
    let link: AgentLink
    let workDirectory: String

    var value: JSONValue {
        let info = link.info
        var frameworks: [MesosFrameworkInfo] = []
        for task in link.allTasks where !frameworks.contains(where: { $0.id == task.framework.id }) {
            frameworks.append(task.framework)
        }
        return StateJSON.version.adding([
            "id": .string(info.id.value),
            "pid": .string("slave(1)@\(link.address):\(info.port)"),
            "hostname": .string(info.hostname),
            "capabilities": .strings(MesosVersion.agentCapabilities),
            "resources": StateJSON.summary(link.total),
            "attributes": StateJSON.attributes(info.attributes),
            "flags": .object(["work_dir": .string(workDirectory), "switch_user": .string("true")]),
            "frameworks": .array(frameworks.map { framework($0) }),
            "completed_frameworks": .array([]),
        ])
    }

    private func framework(_ info: MesosFrameworkInfo) -> JSONValue {
        .object([
            "id": .string(info.id.value),
            "name": .string(info.name),
            "user": .string(info.user),
            "failover_timeout": .double(info.failoverTimeout),
            "checkpoint": .bool(info.checkpoint),
            "hostname": .string(info.hostname),
            "roles": .strings(info.roles),
            "executors": .array(link.allTasks.filter { $0.framework.id == info.id }.map { executor($0.task) }),
            "completed_executors": .array([]),
        ])
    }

    /// The command executor of a task, which has the task's id.
    private func executor(_ task: MesosTask) -> JSONValue {
        let container = task.statuses.last { $0.hasContainerStatus }?.containerStatus.containerID.value
        let runs =
            "\(workDirectory)/slaves/\(task.agentID.value)/frameworks/\(task.frameworkID.value)/executors/"
            + "\(task.taskID.value)/runs"
        return .object([
            "id": .string(task.taskID.value),
            "name": .string("Command Executor (Task: \(task.taskID.value))"),
            "source": .string(task.taskID.value),
            "container": container.map { .string($0) },
            "directory": .string("\(runs)/\(container ?? "latest")"),
            "resources": StateJSON.summary(ResourceSet()),
            "tasks": .array([StateJSON.task(task)]),
            "queued_tasks": .array([]),
            "completed_tasks": .array([]),
        ])
    }
}
