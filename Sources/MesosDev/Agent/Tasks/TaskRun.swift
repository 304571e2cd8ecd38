import MesosProtocol
import Processes

/// One run of a task, from its launch until its last update is acknowledged, or its framework gone.
struct TaskRun: Sendable {
    /// What a master calls the task.
    struct Key: Hashable, Sendable {
        let framework: String
        let task: String
    }

    /// A task that got SIGTERM.
    struct Killing: Sendable {
        /// When it gets SIGKILL.
        let deadline: ContinuousClock.Instant
        let timer: Task<Void, Never>
    }

    let framework: MesosFrameworkInfo
    let task: MesosTaskInfo
    let sandbox: Sandbox
    /// The command's process; nil before it is started, or if it could not be.
    var process: ChildProcess?
    var updates = UpdateQueue()
    /// Whether its framework has asked for its end.
    var isKilled = false
    /// Whether no process of it is left.
    var hasEnded = false
    var killing: Killing?
    /// Sends the oldest update again and again.
    var retries: Task<Void, Never>?
    /// Starts the command and stays with it.
    var life: Task<Void, Never>?

    init(framework: MesosFrameworkInfo, task: MesosTaskInfo, settings: AgentSettings) {
        self.framework = framework
        self.task = task
        sandbox = Sandbox(
            settings,
            agent: task.agentID.value,
            framework: framework.id.value,
            task: task.taskID.value
        )
    }

    var key: Key { Key(framework: framework.id.value, task: task.taskID.value) }
    /// Tells the runs of all tasks apart.
    var id: String { sandbox.containerID }

    /// All of its processes.
    var processes: TaskProcesses { TaskProcesses(below: sandbox.path, leader: process?.identity) }

    /// Whether its framework has a capability.
    func isFor(_ capability: MesosFrameworkInfo.Capability.TypeEnum) -> Bool {
        framework.capabilities.contains { $0.type == capability }
    }
}
