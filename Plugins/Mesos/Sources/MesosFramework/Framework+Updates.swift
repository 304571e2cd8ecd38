import MesosProtocol

extension Framework {
    mutating func updated(_ status: MesosTaskStatus) {
        // Calls come after the save of the same event: acknowledged is only what the ledger has.
        if status.hasUuid, status.hasAgentID { calls.append(.send(acknowledgement(status))) }
        // A state that a newer Mesos invented says nothing that could be acted upon.
        guard status.hasState else { return }
        let taskID = status.taskID.value
        guard let id = owner(of: taskID) else { return stranger(status) }
        switch status.state {
        case .taskStaging, .taskStarting, .taskRunning, .taskKilling: lives(status, of: id)
        case .taskUnreachable, .taskUnknown: isLost(status, of: id)
        case .taskFinished, .taskFailed, .taskKilled, .taskError, .taskLost, .taskDropped, .taskGone,
            .taskGoneByOperator:
            ended(taskID, of: id, TaskEnd(status, user: settings.info.user))
        }
    }

    private func acknowledgement(_ status: MesosTaskStatus) -> MesosCall {
        var call = call(.acknowledge)
        call.acknowledge.agentID = status.agentID
        call.acknowledge.taskID = status.taskID
        call.acknowledge.uuid = status.uuid
        return call
    }

    /// The container that has a task; nil for a task that nobody here knows.
    private func owner(of task: String) -> Int32? {
        guard let id = TaskID(task, topologyID: settings.topologyID)?.container else { return nil }
        return containers[id]?.tasks.contains { $0.id == task } == true ? id : nil
    }

    private mutating func lives(_ status: MesosTaskStatus, of id: Int32) {
        let taskID = status.taskID.value
        let isCurrent = containers[id]?.current?.id == taskID
        var isNews = false
        containers[id]?.update(taskID) { task in
            isNews = task.state != status.state || task.isLost
            // Reconciliation may lag behind what the agent has said already.
            if status.state != .taskStaging || task.state == nil { task.state = status.state }
            if task.isLost, task.isDoomed { task.nextKill = now }
            task.lostSince = nil
            task.heardAt = now
            if status.state == .taskRunning { task.runningSince = task.runningSince ?? now }
        }
        guard isNews else { return }
        unsaved.insert(id)
        if isCurrent, status.state == .taskRunning, containers[id]?.current?.isDoomed == false {
            containers[id]?.reason = ""
        }
    }

    private mutating func isLost(_ status: MesosTaskStatus, of id: Int32) {
        let taskID = status.taskID.value
        var isNews = false
        containers[id]?.update(taskID) { task in
            isNews = !task.isLost
            task.heardAt = now
            task.lostSince = task.lostSince ?? now
            if isNews { task.state = status.state }
        }
        guard isNews else { return }
        unsaved.insert(id)
        reconciliation.watch(at: now)
        guard let task = containers[id]?.current, task.id == taskID, !task.isDoomed else { return }
        let seconds = settings.lostAgentDelay / 1000
        containers[id]?.reason =
            "\(TaskEnd.name(status.state)): agent \(task.hostname) is lost; replaced if it is not back within \(seconds) s"
        calls.append(log(.warning, "container \(id): \(containers[id]?.reason ?? "")"))
    }

    /// A task ended for good.
    private mutating func ended(_ taskID: String, of id: Int32, _ end: TaskEnd) {
        unsaved.insert(id)
        containers[id]?.noteEnd(of: taskID, at: now)
        guard let task = containers[id]?.current, task.id == taskID else {
            containers[id]?.removeStray(taskID)
            return
        }
        containers[id]?.last = task
        containers[id]?.current = nil
        guard goal == .run, !task.isDoomed else { return }
        if let since = task.runningSince, now - since >= settings.restartStable {
            containers[id]?.failures = 0
            containers[id]?.looseEnds = 0
            avoidance.succeeded(id, on: task.agent)
        }
        let reason = end.reason(on: task.hostname)
        calls.append(log(.warning, "container \(id), task \(taskID): \(reason)"))
        settle(id, task, end.blame, reason)
    }

    private mutating func settle(_ id: Int32, _ task: TaskRun, _ blame: TaskEnd.Blame, _ reason: String) {
        switch blame {
        case .nobody:
            containers[id]?.looseEnds += 1
            // Twice is bad luck; more often it would be a loop without a pause.
            if containers[id]?.looseEnds ?? 0 > 2 {
                failed(id, on: task.agent, reason, .container)
            } else {
                containers[id]?.reason = reason
            }
        case .container: failed(id, on: task.agent, reason, .container)
        case .agent(let fault): failed(id, on: task.agent, reason, fault)
        case .description:
            failed(id, on: nil, reason, .container)
            containers[id]?.notBefore = now + settings.restartDelayMaximum
        }
    }

    /// A container failed: again after a pause. With an agent, it may be that one's fault.
    mutating func failed(_ id: Int32, on agent: String?, _ reason: String, _ fault: AgentAvoidance.Fault) {
        let failures = (containers[id]?.failures ?? 0) + 1
        containers[id]?.failures = failures
        containers[id]?.reason = reason
        containers[id]?.notBefore = now + settings.pause(afterFailures: failures)
        if let agent { avoidance.failed(id, on: agent, fault, settings: settings, at: now) }
        unsaved.insert(id)
        calls.append(.count(.failures))
    }

    /// The launch of a task never reached an agent.
    mutating func lostLaunch(_ taskID: String, _ reason: String) {
        guard let id = owner(of: taskID), let task = containers[id]?.current, task.id == taskID else { return }
        containers[id]?.current = nil
        failed(id, on: nil, reason, .container)
    }

    /// An answer that was given before the task ended, and came after.
    private func isOldNews(_ status: MesosTaskStatus, of id: Int32) -> Bool {
        status.reason == .reconciliation && containers[id]?.hasEndedLately(status.taskID.value, at: now) == true
    }

    /// A task of this framework that the ledger does not have: it must not run.
    private mutating func stranger(_ status: MesosTaskStatus) {
        switch status.state {
        case .taskStaging, .taskStarting, .taskRunning, .taskKilling: break
        default: return
        }
        let taskID = status.taskID.value
        let parts = TaskID(taskID, topologyID: settings.topologyID)
        if let parts, isOldNews(status, of: parts.container) { return }
        calls.append(log(.warning, "task \(taskID) is not in the ledger; ending it"))
        guard let parts else {
            var call = call(.kill)
            call.kill.taskID = status.taskID
            if status.hasAgentID { call.kill.agentID = status.agentID }
            calls.append(.send(call))
            return
        }
        var task = TaskRun(
            id: taskID,
            attempt: parts.attempt,
            agent: status.agentID.value,
            hostname: status.agentID.value,
            agentURL: "",
            ports: [],
            launchedAt: now
        )
        task.state = status.state
        task.heardAt = now
        task.doom(at: now)
        var record = containers[parts.container] ?? Framework.surplus(parts.container)
        record.strays.append(task)
        // Its number is used: the next one must be another.
        record.attempt = max(record.attempt, parts.attempt)
        containers[parts.container] = record
        unsaved.insert(parts.container)
    }
}
