import MesosProtocol

/// What a master knows of a task that it counts among those of its framework.
struct TaskRecord: Sendable {
    var message: MesosTask
    let resources: ResourceSet
    /// Whether the agent has said that the process is gone, before the update that says so was acknowledged.
    var isFinished = false

    init(_ message: MesosTask) {
        self.message = message
        resources = ResourceSet(message.resources)
    }

    var id: String { message.taskID.value }
    /// The state that the agent told last.
    var latestState: MesosTaskState { message.hasStatusUpdateState ? message.statusUpdateState : message.state }
    var holdsResources: Bool { !isFinished && !latestState.isTerminal }
}

/// Tasks by id, in the order in which they came.
struct TaskTable: Sendable {
    private var order: [String] = []
    private var byID: [String: TaskRecord] = [:]

    subscript(id: String) -> TaskRecord? {
        get { byID[id] }
        set {
            if newValue == nil { order.removeAll { $0 == id } } else if byID[id] == nil { order.append(id) }
            byID[id] = newValue
        }
    }

    var all: [TaskRecord] { order.compactMap { byID[$0] } }

    func on(_ agent: String) -> [TaskRecord] { all.filter { $0.message.agentID.value == agent } }
}

extension MesosTaskState {
    /// Whether the task's resources are free; `TASK_UNREACHABLE` and `TASK_UNKNOWN` are not the end of a task.
    var isTerminal: Bool {
        switch self {
        case .taskFinished, .taskFailed, .taskKilled, .taskLost, .taskError, .taskDropped, .taskGone,
            .taskGoneByOperator:
            true
        case .taskStarting, .taskRunning, .taskStaging, .taskKilling, .taskUnreachable, .taskUnknown: false
        }
    }
}

extension MesosTask {
    /// A task that has just been accepted for launch; without ports and mounts and whatever else Mesos leaves out.
    init(_ info: MesosTaskInfo, framework: MesosFrameworkInfo, resources: ResourceSet) {
        self = .with {
            $0.name = info.name
            $0.taskID = info.taskID
            $0.frameworkID = framework.id
            $0.agentID = info.agentID
            $0.state = .taskStaging
            $0.resources = resources.messages
            if info.hasLabels { $0.labels = info.labels }
            if info.hasDiscovery { $0.discovery = info.discovery }
            if info.hasKillPolicy { $0.killPolicy = info.killPolicy }
            if info.command.hasUser { $0.user = info.command.user }
        }
    }
}
