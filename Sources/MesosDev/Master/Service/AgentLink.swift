import MesosDevAgent
import MesosProtocol

/// One agent of this process as its master reaches it, with what the agent remembers while no master does: an agent's
/// tasks outlive a master.
struct AgentLink: Sendable {
    enum Command: Sendable {
        case launch(MesosFrameworkInfo, MesosTaskInfo)
        case kill(MesosFrameworkID, MesosTaskID, MesosKillPolicy?)
        case acknowledge(MesosFrameworkID, MesosTaskID, [UInt8])
        case shutDown(MesosFrameworkID)
        case abandon
        case resend(MesosFrameworkID)
    }

    struct TaskKey: Hashable, Sendable {
        let framework: String
        let task: String
    }

    /// As it registers; with its id once it has one.
    var info: MesosAgentInfo
    let address: String
    /// With reservations that were made.
    var total: ResourceSet
    /// Those whose end is not acknowledged, in the order of their launch.
    private(set) var tasks: [TaskKey: AgentTask] = [:]
    private(set) var order: [TaskKey] = []
    private let commands: AsyncStream<Command>.Continuation

    init(info: MesosAgentInfo, address: String, total: ResourceSet, commands: AsyncStream<Command>.Continuation) {
        self.info = info
        self.address = address
        self.total = total
        self.commands = commands
    }

    var allTasks: [AgentTask] { order.compactMap { tasks[$0] } }

    func command(_ command: Command) { commands.yield(command) }

    mutating func launch(_ framework: MesosFrameworkInfo, _ task: MesosTaskInfo, _ message: MesosTask) {
        let key = TaskKey(framework: framework.id.value, task: task.taskID.value)
        if tasks[key] == nil { order.append(key) }
        tasks[key] = AgentTask(framework: framework, task: message)
        command(.launch(framework, task))
    }

    /// Notes a task's state, as told by the agent.
    mutating func note(_ framework: MesosFrameworkID, _ status: MesosTaskStatus) {
        let key = TaskKey(framework: framework.value, task: status.taskID.value)
        guard let task = tasks[key] else { return }
        var message = task.task
        message.state = status.state
        message.statusUpdateState = status.state
        message.statusUpdateUuid = status.uuid
        if message.statuses.last?.state == status.state { message.statuses.removeLast() }
        message.statuses.append(status)
        tasks[key] = AgentTask(framework: task.framework, task: message)
    }

    mutating func acknowledge(_ framework: MesosFrameworkID, _ task: MesosTaskID, _ uuid: [UInt8]) {
        let key = TaskKey(framework: framework.value, task: task.value)
        if let known = tasks[key]?.task, known.state.isTerminal, Array(known.statusUpdateUuid) == uuid { forget(key) }
        command(.acknowledge(framework, task, uuid))
    }

    mutating func shutDown(_ framework: MesosFrameworkID) {
        for key in order where key.framework == framework.value { forget(key) }
        command(.shutDown(framework))
    }

    mutating func abandon() {
        tasks = [:]
        order = []
        command(.abandon)
    }

    private mutating func forget(_ key: TaskKey) {
        tasks[key] = nil
        order.removeAll { $0 == key }
    }

    /// Performs commands one after another until their stream ends.
    static func perform(_ commands: AsyncStream<Command>, on runner: any TaskRunner) async {
        for await command in commands {
            switch command {
            case .launch(let framework, let task): await runner.launch(framework: framework, task: task)
            case .kill(let framework, let task, let policy):
                await runner.kill(framework: framework, task: task, policy: policy)
            case .acknowledge(let framework, let task, let uuid):
                await runner.acknowledge(framework: framework, task: task, uuid: uuid)
            case .shutDown(let framework): await runner.shutDown(framework: framework)
            case .abandon: await runner.abandon()
            case .resend(let framework): await runner.resend(framework: framework)
            }
        }
    }
}
