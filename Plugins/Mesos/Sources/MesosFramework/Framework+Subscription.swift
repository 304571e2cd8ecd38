import MesosProtocol

extension Framework {
    /// A call of this framework.
    func call(_ type: MesosCall.TypeEnum) -> MesosCall {
        var call = MesosCall()
        call.type = type
        if let frameworkID { call.frameworkID.value = frameworkID }
        return call
    }

    mutating func subscribe() {
        phase = .connecting
        var call = call(.subscribe)
        call.subscribe.frameworkInfo = settings.info
        call.subscribe.frameworkInfo.roles = [settings.resourceRole]
        if let frameworkID { call.subscribe.frameworkInfo.id.value = frameworkID }
        // To subscribe is to ask for offers, too.
        offerFlow = OfferFlow(isSuppressed: !wantsOffers, lastRevive: wantsOffers ? now : nil)
        if offerFlow.isSuppressed { call.subscribe.suppressedRoles = [settings.resourceRole] }
        calls.append(.subscribe(call))
    }

    mutating func subscribed(_ subscribed: MesosEvent.Subscribed, _ master: String) {
        guard phase == .connecting else { return }
        phase = .subscribed
        subscribedAt = now
        reason = ""
        // Offers from before are void, whether or not they were rescinded.
        pool.removeAll()
        let id = subscribed.frameworkID.value
        if frameworkID != id || self.master != master { isUnsaved = true }
        if let frameworkID, frameworkID != id {
            calls.append(log(.warning, "the master knows the framework as \(id), not as \(frameworkID)"))
        }
        let how = frameworkID == nil ? "registered" : "subscribed again"
        frameworkID = id
        self.master = master
        calls.append(log(.info, "\(how) as framework \(id) at \(master)"))
        calls.append(.count(.subscriptions))
        for id in containers.keys { repeatKills(of: id) }
        reconciliation.begin(at: now, isFirst: true)
        if let schedule = requests.schedule {
            requests.schedule = nil
            answers.append(.answer(schedule.id, .done))
        }
        extendKills()
    }

    /// Calls of the last subscription may not have reached a task.
    private mutating func repeatKills(of id: Int32) {
        for task in containers[id]?.tasks ?? [] where task.isDoomed {
            containers[id]?.update(task.id) { task in
                task.nextKill = now
                task.killPause = TaskRun.firstKillPause
            }
        }
    }

    /// The time that tasks have to end begins when they can be told to; a master that comes and goes is no excuse.
    private mutating func extendKills() {
        requests.kills = requests.kills.map { kill in
            kill.isExtended ? kill : Requests.Kill(id: kill.id, deadline: now + settings.killTime, isExtended: true)
        }
    }

    mutating func disconnected(_ why: String) {
        guard phase == .connecting || phase == .subscribed || phase == .tearingDown else { return }
        let wasSubscribed = phase != .connecting
        reason = TaskEnd.oneLine(why)
        if wasSubscribed { calls.append(log(.warning, "disconnected from the Mesos master: \(reason)")) }
        lostSubscription()
        subscribe()
    }

    private mutating func lostSubscription() {
        subscribedAt = nil
        pool.removeAll()
        reconciliation.end()
    }

    /// The texts are Mesos's own (recorded): nothing else tells these cases apart.
    mutating func refused(_ message: String) {
        guard phase == .connecting || phase == .subscribed || phase == .tearingDown else { return }
        let message = TaskEnd.oneLine(message)
        lostSubscription()
        if message.contains("Framework has been removed") {
            removed()
        } else if message.contains("Framework failed over") {
            phase = .idle
            calls.append(.giveUp(reason: "another scheduler has subscribed as framework \(frameworkID ?? "")"))
        } else {
            turnedAway("the Mesos master refuses the framework: \(message)")
        }
    }

    mutating func denied(_ reason: String) {
        guard phase == .connecting || phase == .subscribed || phase == .tearingDown else { return }
        lostSubscription()
        turnedAway("the Mesos master does not let the framework in: \(TaskEnd.oneLine(reason))")
    }

    private mutating func removed() {
        phase = .removed
        for id in containers.keys {
            if let task = containers[id]?.current { containers[id]?.last = task }
            containers[id]?.current = nil
            containers[id]?.strays = []
            unsaved.insert(id)
        }
        guard goal != .kill else { return }
        reason = "the Mesos master has removed the framework \(frameworkID ?? ""), and its tasks with it"
        isUnsaved = true
        calls.append(log(.error, "\(reason); heron restart registers a new one"))
    }

    private mutating func turnedAway(_ reason: String) {
        self.reason = reason
        phase = .refused(retryAt: now + Framework.refusalPause)
        if let schedule = requests.schedule {
            requests.schedule = nil
            answers.append(.answer(schedule.id, .failed(reason)))
        }
        let kills = requests.kills
        requests.kills = []
        for kill in kills {
            let framework = frameworkID ?? ""
            answers.append(.answer(kill.id, .failed("\(reason); the framework \(framework) and its tasks are kept")))
        }
        calls.append(log(.error, reason))
    }

    mutating func rejected(_ call: MesosCall, _ status: Int, _ message: String) {
        let what = "\(call.type)".uppercased()
        let why = "the master refused \(what): \(status) \(TaskEnd.oneLine(message))"
        calls.append(log(.error, why))
        for task in call.accept.operations.flatMap(\.launch.taskInfos) {
            lostLaunch(task.taskID.value, why)
        }
        if call.type == .accept { decline(call.accept.offerIds, for: settings.busyFilter) }
        // It has to be sent again to be of use; the next subscription does that.
        if call.type == .teardown, phase == .tearingDown { disconnected(why) }
    }
}
