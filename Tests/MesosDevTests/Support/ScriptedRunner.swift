import MesosDevAgent
import MesosProtocol

@testable import MesosDevMaster

/// An agent without processes: tasks start, run, and end as a script says, or when they are killed.
actor ScriptedRunner: TaskRunner {
    private struct Running {
        let framework: MesosFrameworkInfo
        let info: MesosTaskInfo
        var waiting: [MesosTaskStatus]
        var onKill: [MesosTaskStatus]
    }

    nonisolated let messages: AsyncStream<AgentMessage>
    private let output: AsyncStream<AgentMessage>.Continuation
    private let agent: MesosAgentID
    /// What becomes of a task, by its id: the states it goes through at once, and those after a kill.
    private let script: [String: (atOnce: [MesosTaskStatus], onKill: [MesosTaskStatus])]
    private var tasks: [String: Running] = [:]
    private var nextUUID: UInt8 = 0

    init(_ agent: String, script: [String: (atOnce: [MesosTaskStatus], onKill: [MesosTaskStatus])] = [:]) {
        self.agent = .with { $0.value = agent }
        self.script = script
        (messages, output) = AsyncStream.makeStream(of: AgentMessage.self)
    }

    func launch(framework: MesosFrameworkInfo, task: MesosTaskInfo) {
        let id = task.taskID.value
        let plan = script[id]
        let isKilling = framework.capabilities.contains { $0.type == .taskKillingState }
        let onKill = (isKilling ? [state(.taskKilling)] : []) + [state(.taskKilled)]
        tasks[id] = Running(
            framework: framework,
            info: task,
            waiting: [],
            onKill: plan?.onKill ?? onKill
        )
        add(plan?.atOnce ?? [state(.taskStarting), state(.taskRunning)], to: id)
    }

    func kill(framework: MesosFrameworkID, task: MesosTaskID, policy: MesosKillPolicy?) {
        guard let running = tasks[task.value] else { return }
        tasks[task.value]?.onKill = []
        add(running.onKill, to: task.value)
    }

    func acknowledge(framework: MesosFrameworkID, task: MesosTaskID, uuid: [UInt8]) {
        guard let head = tasks[task.value]?.waiting.first, Array(head.uuid) == uuid else { return }
        tasks[task.value]?.waiting.removeFirst()
        tellHead(of: task.value)
    }

    func shutDown(framework: MesosFrameworkID) {
        tasks = tasks.filter { $0.value.framework.id != framework }
    }

    func abandon() { tasks = [:] }

    func resend(framework: MesosFrameworkID) {
        for (id, task) in tasks where task.framework.id == framework { tellHead(of: id) }
    }

    private func state(_ state: MesosTaskState) -> MesosTaskStatus {
        .with {
            $0.state = state
            $0.source = .executor
        }
    }

    private func add(_ statuses: [MesosTaskStatus], to id: String) {
        guard let task = tasks[id] else { return }
        let wasEmpty = task.waiting.isEmpty
        for var status in statuses {
            status.taskID = task.info.taskID
            status.agentID = agent
            status.timestamp = DevMaster.now
            nextUUID += 1
            status.uuid.removeAll()
            status.uuid.append(contentsOf: [UInt8](repeating: nextUUID, count: 16))
            if status.source == .executor {
                status.executorID.value = id
                if !status.hasContainerStatus { status.containerStatus.containerID.value = "container-of-\(id)" }
            }
            tasks[id]?.waiting.append(status)
            if status.state.isTerminal {
                output.yield(.finished(framework: task.framework.id, task: task.info.taskID))
            }
        }
        if wasEmpty { tellHead(of: id) }
    }

    private func tellHead(of id: String) {
        guard let task = tasks[id], let head = task.waiting.first else { return }
        output.yield(.update(framework: task.framework.id, head))
    }
}
