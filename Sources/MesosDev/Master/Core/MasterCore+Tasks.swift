import MesosProtocol

/// Status updates and their acknowledgement, kills, reconciliation.
extension MasterCore {
    /// A status made by the master: without a uuid, and not to be acknowledged.
    func status(
        task: MesosTaskID,
        _ state: MesosTaskState,
        _ message: String,
        _ reason: MesosTaskStatus.Reason
    ) -> MesosTaskStatus {
        .with {
            $0.taskID = task
            $0.state = state
            $0.message = message
            $0.source = .master
            $0.reason = reason
            $0.timestamp = now
        }
    }

    /// An agent tells a task's state. Of an agent that is not connected nothing arrives, of a framework that is not
    /// connected nothing goes on: the agent repeats it.
    mutating func update(from agent: String, framework id: String, _ status: MesosTaskStatus) {
        guard agents[agent]?.isConnected == true, frameworks[id] != nil else { return }
        if var task = frameworks[id]?.tasks[status.taskID.value] {
            task.message.state = status.state
            task.message.statusUpdateState = status.state
            task.message.statusUpdateUuid = status.uuid
            if task.message.statuses.last?.state == status.state { task.message.statuses.removeLast() }
            task.message.statuses.append(status)
            frameworks[id]?.tasks[task.id] = task
        }
        send(.update(status), to: id)
    }

    /// An agent tells that a task's process is gone, maybe long before its last update is acknowledged.
    mutating func finished(on agent: String, framework: String, task: String) {
        guard agents[agent]?.isConnected == true else { return }
        frameworks[framework]?.tasks[task]?.isFinished = true
    }

    /// Handles ACKNOWLEDGE; one for what the agent does not wait for is dropped there.
    mutating func acknowledge(_ id: String, _ call: MesosCall.Acknowledge) {
        guard agents[call.agentID.value]?.isConnected == true else { return }
        if let task = frameworks[id]?.tasks[call.taskID.value], task.latestState.isTerminal,
            task.message.statusUpdateUuid == call.uuid
        {
            complete(task, of: id)
        }
        perform(
            .acknowledge(
                agent: call.agentID.value,
                framework: id,
                task: call.taskID.value,
                uuid: Array(call.uuid)
            )
        )
    }

    /// Moves a task to those that are over.
    mutating func complete(_ task: TaskRecord, of id: String) {
        frameworks[id]?.tasks[task.id] = nil
        frameworks[id]?.unreachableTasks[task.id] = nil
        frameworks[id]?.completedTasks.append(task.message)
        if let count = frameworks[id]?.completedTasks.count, count > settings.maximumCompletedTasks {
            frameworks[id]?.completedTasks.removeFirst()
        }
    }

    /// Handles KILL: forwarded, remembered while the agent is away; of an unknown task it is a question about it.
    mutating func kill(_ id: String, _ call: MesosCall.Kill) {
        let agent = call.hasAgentID ? call.agentID.value : nil
        guard let task = frameworks[id]?.tasks[call.taskID.value] else {
            return reconcile(id, task: call.taskID, agent: agent)
        }
        let owner = task.message.agentID.value
        guard agent == nil || agent == owner else {
            return perform(.note("KILL of task \(task.id) is dropped: it names another agent than the task's"))
        }
        let policy = call.hasKillPolicy ? call.killPolicy : nil
        if agents[owner]?.isConnected == true {
            perform(.kill(agent: owner, framework: id, task: task.id, policy: policy))
        } else {
            agents[owner]?.pendingKills.append(PendingKill(framework: id, task: task.id, policy: policy))
        }
    }

    /// Handles RECONCILE; without tasks it is a question about all of the framework's.
    mutating func reconcile(_ id: String, _ call: MesosCall.Reconcile) {
        guard answersReconciliation else { return }
        guard call.tasks.isEmpty else {
            for task in call.tasks {
                reconcile(id, task: task.taskID, agent: task.hasAgentID ? task.agentID.value : nil)
            }
            return
        }
        for task in frameworks[id]?.tasks.all ?? [] { send(.update(latestStatus(of: task)), to: id) }
    }

    private mutating func reconcile(_ id: String, task: MesosTaskID, agent: String?) {
        guard answersReconciliation, let framework = frameworks[id] else { return }
        if let known = framework.tasks[task.value] { return send(.update(latestStatus(of: known)), to: id) }
        let isWaiting = agent.map { agents[$0]?.isRecovered == true } ?? agents.values.contains(where: \.isRecovered)
        guard !isWaiting else { return }
        var answer: MesosTaskStatus
        switch agent.flatMap({ agents[$0]?.presence }) ?? unreachablePresence(of: task.value, framework) {
        case .connected, .disconnected:
            answer = status(task: task, .taskGone, "Reconciliation: Task is unknown to the agent", .reconciliation)
        case .unreachable(let since):
            answer = status(task: task, .taskUnreachable, "Reconciliation: Task is unreachable", .reconciliation)
            answer.unreachableTime.nanoseconds = since
        case .gone:
            answer = status(task: task, .taskGoneByOperator, "Reconciliation: Task is gone", .reconciliation)
        case .removed, .recovered, nil:
            answer = status(task: task, .taskUnknown, "Reconciliation: Task is unknown", .reconciliation)
        }
        if !framework.isPartitionAware { answer.state = .taskLost }
        if let agent { answer.agentID.value = agent }
        send(.update(answer), to: id)
    }

    /// Of a task asked about without its agent.
    private func unreachablePresence(of task: String, _ framework: FrameworkRecord) -> AgentRecord.Presence? {
        framework.unreachableTasks[task].flatMap { agents[$0.message.agentID.value]?.presence }
    }

    private func latestStatus(of task: TaskRecord) -> MesosTaskStatus {
        retold(task, "Reconciliation: Latest task state", .reconciliation)
    }

    /// A task's state as the master tells it anew.
    func retold(_ task: TaskRecord, _ message: String, _ reason: MesosTaskStatus.Reason) -> MesosTaskStatus {
        var status = status(task: task.message.taskID, task.latestState, message, reason)
        status.agentID = task.message.agentID
        if let last = task.message.statuses.last {
            if last.hasContainerStatus { status.containerStatus = last.containerStatus }
            if last.hasHealthy { status.healthy = last.healthy }
            if last.hasLabels { status.labels = last.labels }
        }
        return status
    }
}
