import MesosProtocol

extension Framework {
    mutating func schedule(_ id: RequestID, isResumed: Bool) {
        guard goal != .kill else {
            // A predecessor was killed while it killed: this one ends what that began.
            answers.append(.answer(id, .done))
            return killAll()
        }
        guard goal == .none else {
            answers.append(.answer(id, .failed("the topology is scheduled already")))
            return
        }
        guard !lacksID else {
            answers.append(.answer(id, .failed(lostID)))
            return
        }
        goal = .run
        if phase == .removed {
            answers.append(.answer(id, .done))
            return
        }
        if isResumed {
            answers.append(.answer(id, .done))
        } else {
            requests.schedule = (id, now + settings.registrationTimeout)
        }
        isUnsaved = true
        subscribe()
    }

    /// Running everything again beside tasks that may live would be worse than running nothing.
    private var lostID: String {
        "the ledger in the state names tasks, but not the framework that they belong to; "
            + "end them in Mesos, then remove the topology with heron kill --force, and submit it again"
    }

    /// Begins a reconciliation out of turn.
    mutating func reconcile(_ id: RequestID) {
        guard phase == .subscribed else { return answers.append(.answer(id, notSubscribed)) }
        reconciliation.begin(at: now)
        answers.append(.answer(id, .done))
    }

    /// Lets others have the offers that are held, for a while.
    mutating func declineAll(_ id: RequestID) {
        guard phase == .subscribed else { return answers.append(.answer(id, notSubscribed)) }
        decline(pool.takeOlder(than: now), for: settings.busyFilter)
        answers.append(.answer(id, .done))
    }

    private var notSubscribed: RequestOutcome {
        .failed("the framework is not subscribed" + (reason.isEmpty ? "" : ": \(reason)"))
    }

    mutating func kill(_ id: RequestID) {
        guard !lacksID else {
            answers.append(.answer(id, .failed(lostID)))
            return
        }
        if phase == .ended {
            answers.append(.answer(id, .done))
            return
        }
        requests.kills.append(
            Requests.Kill(
                id: id,
                // A master that is away is not waited for as long as tasks that take their time.
                deadline: now + (phase == .subscribed ? settings.killTime : settings.registrationTimeout),
                isExtended: phase == .subscribed
            )
        )
        killAll()
    }

    private mutating func killAll() {
        if goal != .kill {
            goal = .kill
            isUnsaved = true
        }
        if let schedule = requests.schedule {
            requests.schedule = nil
            answers.append(.answer(schedule.id, .failed("the topology was killed")))
        }
        for id in containers.keys.sorted() {
            containers[id]?.notBefore = nil
            containers[id]?.reason = "killed"
            doomAll(id)
        }
        switch phase {
        case .idle where frameworkID != nil, .refused: subscribe()
        default: break
        }
    }

    private mutating func doomAll(_ id: Int32) {
        for task in containers[id]?.tasks ?? [] where !task.isDoomed {
            containers[id]?.update(task.id) { $0.doom(at: now) }
            unsaved.insert(id)
        }
    }

    mutating func restart(_ id: RequestID, _ container: Int32) {
        guard goal == .run else {
            let why = goal == .kill ? "the topology is being killed" : "nothing has been scheduled"
            answers.append(.answer(id, .failed(why)))
            return
        }
        let chosen = container == -1 ? wanted.sorted() : [container]
        guard chosen.allSatisfy(wanted.contains) else {
            answers.append(.answer(id, .noSuchContainer))
            return
        }
        if phase == .removed { registerAnew() }
        requests.restarts.append(
            Requests.Restart(
                id: id,
                attempts: Dictionary(uniqueKeysWithValues: chosen.map { ($0, containers[$0]?.attempt ?? 0) }),
                // As for a kill: a master that is away is not waited for as long as tasks that take their time.
                deadline: now + (phase == .subscribed ? settings.killTime : settings.registrationTimeout)
            )
        )
        for id in chosen { restartNow(id) }
    }

    private mutating func restartNow(_ id: Int32) {
        guard let record = containers[id] else { return }
        avoidance.forget(id)
        offerFlow.matched = nil
        containers[id]?.failures = 0
        containers[id]?.looseEnds = 0
        containers[id]?.notBefore = nil
        containers[id]?.reason = "restart requested"
        unsaved.insert(id)
        if record.current?.isLost == true {
            giveUpCurrent(id)
        } else {
            containers[id]?.current?.doom(at: now)
        }
    }

    /// The master has ended all tasks together with the framework that it removed.
    private mutating func registerAnew() {
        frameworkID = nil
        reason = ""
        isUnsaved = true
        subscribe()
    }

    /// Once nothing is left that could run, the framework is torn down.
    mutating func finishKill() {
        guard goal == .kill, phase != .ended else { return }
        guard containers.values.allSatisfy(\.tasks.isEmpty) else { return }
        guard frameworkID != nil, phase != .removed else {
            phase = .ended
            return
        }
        guard phase == .subscribed else { return }
        phase = .tearingDown
        calls.append(.teardown(call(.teardown)))
    }

    mutating func tornDown() {
        guard phase == .tearingDown else { return }
        phase = .ended
        answers.append(log(.info, "the framework \(frameworkID ?? "") has been torn down"))
    }

    mutating func answerRequests() {
        if let schedule = requests.schedule, now >= schedule.deadline {
            requests.schedule = nil
            let seconds = Double(settings.registrationTimeout) / 1000
            let why = reason.isEmpty ? "" : ": \(reason)"
            answers.append(
                .answer(schedule.id, .failed("no Mesos master registered the framework within \(seconds) s\(why)"))
            )
        }
        answerKills()
        let restarts = requests.restarts
        requests.restarts = []
        for restart in restarts {
            if let outcome = outcome(of: restart) {
                answers.append(.answer(restart.id, outcome))
            } else {
                requests.restarts.append(restart)
            }
        }
    }

    private mutating func answerKills() {
        let kills = requests.kills
        requests.kills = []
        for kill in kills {
            if phase == .ended {
                answers.append(.answer(kill.id, .done))
            } else if now >= kill.deadline {
                answers.append(.answer(kill.id, .failed(unfinishedKill)))
            } else {
                requests.kills.append(kill)
            }
        }
    }

    /// What a kill that ran out of time leaves.
    private var unfinishedKill: String {
        let tasks = containers.values.flatMap(\.tasks)
        let framework = frameworkID.map { "the framework \($0)" } ?? "the framework"
        if phase == .tearingDown { return "the Mesos master has not confirmed the end of \(framework) yet" }
        guard phase == .subscribed else {
            let why = reason.isEmpty ? "" : " (\(reason))"
            return "the Mesos master cannot be reached\(why); \(framework) and \(tasks.count) tasks are kept"
        }
        let places = tasks.prefix(5).map { task in
            "\(task.id) on \(task.hostname) (\(task.state.map(TaskEnd.name) ?? "launched"))"
        }
        let more = tasks.count > 5 ? ", and \(tasks.count - 5) more" : ""
        return "\(tasks.count) tasks have not ended yet: \(places.joined(separator: ", "))\(more); "
            + "\(framework) is kept, and they are still being killed"
    }

    /// Nil while it goes on.
    private func outcome(of restart: Requests.Restart) -> RequestOutcome? {
        guard goal == .run else { return .failed("the topology was killed") }
        var missing: [String] = []
        for (id, attempt) in restart.attempts.sorted(by: { $0.key < $1.key }) {
            guard let record = containers[id] else { return .noSuchContainer }
            if record.attempt > attempt, record.current?.state == .taskRunning { continue }
            missing.append("container \(id): \(record.reason.isEmpty ? "not running yet" : record.reason)")
        }
        if missing.isEmpty { return .done }
        guard now >= restart.deadline else { return nil }
        return .failed("\(missing.joined(separator: "; ")); the scheduler goes on trying")
    }
}
