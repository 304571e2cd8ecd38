import MesosProtocol

/// Agents: they register, break off, become unreachable, come back, go for ever.
extension MasterCore {
    /// An agent registers for the first time.
    ///
    /// - Returns: the id it gets.
    mutating func register(_ info: MesosAgentInfo, address: String, total: ResourceSet) -> String {
        var info = info
        info.id.value = newAgentID()
        agents[info.id.value] = AgentRecord(info: info, address: address, total: total, registeredAt: now)
        agentOrder.append(info.id.value)
        applyMaintenance(to: info.id.value)
        allocateResources(to: nil)
        return info.id.value
    }

    /// An agent that is in the registry when a master starts.
    mutating func remember(_ agent: AgentRecord) {
        switch agent.presence {
        case .removed: return
        case .connected, .disconnected, .recovered:
            agents[agent.id] = AgentRecord(
                info: agent.info,
                address: agent.address,
                total: agent.total,
                presence: .recovered(until: now + settings.agentReregisterTimeout),
                registeredAt: agent.registeredAt
            )
        case .unreachable, .gone:
            agents[agent.id] = agent
            agents[agent.id]?.pendingKills = []
        }
        agentOrder.append(agent.id)
    }

    /// The connection to an agent breaks. Tasks of frameworks that do not checkpoint are lost at once.
    mutating func disconnect(agent id: String) {
        guard agents[id]?.presence == .connected else { return }
        let until = now + settings.agentTimeout
        agents[id]?.presence = .disconnected(until: until)
        for framework in allFrameworks where !framework.info.checkpoint {
            for task in framework.tasks.on(id) {
                lose(task, of: framework, .taskLost, "Agent \(host(id)) disconnected", .agentDisconnected)
            }
            perform(.shutDown(agent: id, framework: framework.id))
        }
        rescindOffers { $0.agent == id }
        rescindInverseOffers { $0.agent == id }
    }

    /// An agent has not been heard of for too long.
    mutating func markUnreachable(agent id: String) {
        if agents[id]?.presence == .connected { disconnect(agent: id) }
        guard let agent = agents[id], agent.isRegistered || agent.isRecovered else { return }
        let since = nanoseconds
        agents[id]?.presence = .unreachable(since: since)
        for framework in allFrameworks {
            for task in framework.tasks.on(id) {
                var task = task
                let state: MesosTaskState = framework.isPartitionAware ? .taskUnreachable : .taskLost
                var status = status(task: task.message.taskID, state, "health check timed out", .agentRemoved)
                status.agentID = agent.info.id
                status.unreachableTime.nanoseconds = since
                send(.update(status), to: framework.id)
                task.message.state = state
                frameworks[framework.id]?.tasks[task.id] = nil
                frameworks[framework.id]?.unreachableTasks[task.id] = task
            }
        }
        tellFailure(of: id)
    }

    /// Agents that have been away for too long become unreachable.
    mutating func expireAgents() {
        for agent in allAgents {
            switch agent.presence {
            case .disconnected(let until), .recovered(let until):
                if until <= now { markUnreachable(agent: agent.id) }
            case .connected, .unreachable, .removed, .gone: break
            }
        }
    }

    /// An agent is back, with the tasks it has and the frameworks they belong to.
    ///
    /// - Returns: false if it may not come back.
    mutating func reregister(_ info: MesosAgentInfo, address: String, total: ResourceSet, _ tasks: [AgentTask]) -> Bool
    {
        let id = info.id.value
        let before = agents[id]?.presence
        guard before != .gone, before != .connected else { return false }
        if before == nil {
            agents[id] = AgentRecord(info: info, address: address, total: total, registeredAt: now)
            agentOrder.append(id)
            applyMaintenance(to: id)
        }
        agents[id]?.presence = .connected
        let now = now
        agents[id]?.reregisteredAt = now
        for task in tasks { recover(task.framework) }
        for framework in allFrameworks {
            takeBack(tasks.filter { $0.framework.id.value == framework.id }, of: framework, agent: id, before)
            perform(.resend(agent: id, framework: framework.id))
        }
        for task in tasks where completedFrameworks.contains(where: { $0.id == task.framework.id.value }) {
            perform(.shutDown(agent: id, framework: task.framework.id.value))
        }
        for kill in agents[id]?.pendingKills ?? [] {
            perform(.kill(agent: id, framework: kill.framework, task: kill.task, policy: kill.policy))
        }
        agents[id]?.pendingKills = []
        allocateResources(to: nil)
        return true
    }

    /// A framework that is known from an agent only.
    private mutating func recover(_ info: MesosFrameworkInfo) {
        let id = info.id.value
        guard frameworks[id] == nil, !completedFrameworks.contains(where: { $0.id == id }) else { return }
        frameworks[id] = FrameworkRecord(
            info: info,
            presence: .recovered,
            principal: info.hasPrincipal ? info.principal : nil,
            registeredAt: now,
            reregisteredAt: now
        )
        frameworkOrder.append(id)
    }

    /// Adopts a framework's tasks on an agent that is back. Only of an agent that the master had given up, or did not
    /// know, the framework is told.
    private mutating func takeBack(
        _ tasks: [AgentTask],
        of framework: FrameworkRecord,
        agent: String,
        _ before: AgentRecord.Presence?
    ) {
        let message: String? =
            switch before {
            case nil, .removed: "Unknown agent reregistered"
            case .unreachable: "Unreachable agent re-reregistered"
            case .connected, .disconnected, .recovered, .gone: nil
            }
        for task in framework.unreachableTasks.on(agent) + framework.tasks.on(agent)
        where !tasks.contains(where: { $0.task.taskID == task.message.taskID }) {
            lose(task, of: framework, .taskGone, "Reconciliation: Task is unknown to the agent", .reconciliation)
        }
        for task in tasks {
            let id = task.task.taskID.value
            let record = TaskRecord(task.task)
            frameworks[framework.id]?.unreachableTasks[id] = nil
            frameworks[framework.id]?.tasks[id] = record
            guard let message, !record.latestState.isTerminal else { continue }
            send(.update(retold(record, message, .agentReregistered)), to: framework.id)
        }
    }

    /// An agent goes in an orderly manner.
    mutating func unregister(agent id: String) {
        guard let agent = agents[id], agent.isRegistered else { return }
        agents[id]?.presence = .removed
        for framework in allFrameworks {
            for task in framework.tasks.on(id) {
                let message = "Agent \(agent.info.hostname) removed: the agent unregistered"
                lose(task, of: framework, .taskLost, message, .agentRemoved)
            }
        }
        perform(.abandon(agent: id))
        rescindOffers { $0.agent == id }
        rescindInverseOffers { $0.agent == id }
        tellFailure(of: id)
    }

    /// An operator says that an agent will never be back.
    ///
    /// - Returns: false if there is no such agent.
    mutating func markGone(agent id: String) -> Bool {
        guard let agent = agents[id], agent.presence != .removed else { return false }
        guard agent.presence != .gone else { return true }
        agents[id]?.presence = .gone
        for framework in allFrameworks {
            for task in framework.tasks.on(id) + framework.unreachableTasks.on(id) {
                let state: MesosTaskState = framework.isPartitionAware ? .taskGoneByOperator : .taskLost
                lose(task, of: framework, state, "Agent has been marked gone", .agentRemovedByOperator)
            }
        }
        perform(.abandon(agent: id))
        rescindOffers { $0.agent == id }
        rescindInverseOffers { $0.agent == id }
        tellFailure(of: id)
        return true
    }

    /// Tells the end of a task that only the master tells.
    private mutating func lose(
        _ task: TaskRecord,
        of framework: FrameworkRecord,
        _ state: MesosTaskState,
        _ message: String,
        _ reason: MesosTaskStatus.Reason
    ) {
        let state: MesosTaskState = framework.isPartitionAware ? state : .taskLost
        var status = status(task: task.message.taskID, state, message, reason)
        status.agentID = task.message.agentID
        send(.update(status), to: framework.id)
        var task = task
        task.message.state = state
        task.message.clearStatusUpdateState()
        task.message.statuses.append(status)
        complete(task, of: framework.id)
    }

    private mutating func tellFailure(of agent: String) {
        for framework in frameworkOrder { send(.failure(ofAgent: agent), to: framework) }
    }

    private func host(_ agent: String) -> String { agents[agent]?.info.hostname ?? agent }
}

/// A task that an agent brings when it comes back.
struct AgentTask: Sendable {
    let framework: MesosFrameworkInfo
    let task: MesosTask
}
