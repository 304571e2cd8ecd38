import MesosProtocol

extension Framework {
    /// When ``FrameworkEvent/timePassed`` has something to do; nil if nothing is waited for.
    public var deadline: Moment? {
        var moments = requests.deadlines
        if case .refused(let retryAt) = phase { moments.append(retryAt) }
        for record in containers.values {
            if let notBefore = record.notBefore { moments.append(notBefore) }
            for task in record.tasks {
                if let nextKill = task.nextKill, phase == .subscribed { moments.append(nextKill) }
                if let overdue = overdueTime(of: task) { moments.append(overdue) }
            }
            if let task = record.current, let timeout = launchTimeout(of: task) { moments.append(timeout) }
        }
        if phase == .subscribed {
            moments += [reconciliation.nextAsk, offerDeadline].compactMap { $0 }
        }
        return moments.min()
    }

    /// When a task counts as not started; nil if it has been. While nobody could tell, no time passes.
    private func launchTimeout(of task: TaskRun) -> Moment? {
        guard let subscribedAt, task.runningSince == nil, !task.isDoomed, !task.isLost else { return nil }
        return max(task.launchedAt, subscribedAt) + settings.launchTimeout
    }

    /// When a lost task is given up; nil if it is not lost, or not for all the master of this subscription has said.
    private func overdueTime(of task: TaskRun) -> Moment? {
        guard let subscribedAt, let lostSince = task.lostSince, let heardAt = task.heardAt, heardAt >= subscribedAt
        else { return nil }
        return lostSince + settings.lostAgentDelay
    }

    /// Does what only the time decides.
    mutating func passTime() {
        avoidance.prune(at: now, settings: settings)
        if case .refused(let retryAt) = phase, now >= retryAt { subscribe() }
        for id in containers.keys.sorted() {
            if let notBefore = containers[id]?.notBefore, now >= notBefore { containers[id]?.notBefore = nil }
            passTime(ofTasksOf: id)
        }
    }

    private mutating func passTime(ofTasksOf id: Int32) {
        guard let record = containers[id] else { return }
        // Of a doomed one nobody will ever hear: nothing but the end of its agent can be the cause.
        for task in record.tasks where isOverdue(task) && task.isDoomed {
            calls.append(log(.warning, "task \(task.id) on \(task.hostname) has not been seen again; given up"))
            forget(task.id, of: id)
        }
        guard let task = containers[id]?.current, !task.isDoomed else { return }
        if isOverdue(task) {
            giveUpCurrent(id)
        } else if let timeout = launchTimeout(of: task), now >= timeout {
            giveUpLaunch(task, of: id)
        }
    }

    private func isOverdue(_ task: TaskRun) -> Bool { overdueTime(of: task).map { now >= $0 } ?? false }

    private mutating func forget(_ task: String, of id: Int32) {
        if let current = containers[id]?.current, current.id == task {
            containers[id]?.last = current
            containers[id]?.current = nil
        } else {
            containers[id]?.removeStray(task)
        }
        unsaved.insert(id)
    }

    /// The container gets a new task; the lost one is ended if it ever shows up again.
    mutating func giveUpCurrent(_ id: Int32) {
        guard var task = containers[id]?.current else { return }
        task.doom(at: now)
        // From now on it is a stray: waited for as long again before it is forgotten.
        task.lostSince = now
        containers[id]?.last = task
        containers[id]?.current = nil
        containers[id]?.strays.append(task)
        unsaved.insert(id)
        calls.append(log(.warning, "container \(id) is replaced: \(containers[id]?.reason ?? "")"))
    }

    private mutating func giveUpLaunch(_ task: TaskRun, of id: Int32) {
        let seconds = settings.launchTimeout / 1000
        failed(id, on: task.agent, "task \(task.id) did not run within \(seconds) s on \(task.hostname)", .unfit)
        containers[id]?.current?.doom(at: now)
    }

    /// Sends KILL to everything that shall end, and again until it has.
    mutating func sendKills() {
        guard phase == .subscribed else { return }
        for id in containers.keys.sorted() {
            for task in containers[id]?.tasks ?? [] {
                guard task.isDoomed, let nextKill = task.nextKill, now >= nextKill else { continue }
                containers[id]?.update(task.id) { $0.killSent(at: now) }
                calls.append(.send(killCall(task)))
            }
        }
    }

    private func killCall(_ task: TaskRun) -> MesosCall {
        var call = call(.kill)
        call.kill.taskID.value = task.id
        if !task.agent.isEmpty { call.kill.agentID.value = task.agent }
        call.kill.killPolicy.gracePeriod.nanoseconds = settings.killGrace * 1_000_000
        return call
    }
}
