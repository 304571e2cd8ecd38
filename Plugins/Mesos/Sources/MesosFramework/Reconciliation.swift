import MesosProtocol

/// When to ask the master what became of the tasks.
struct Reconciliation {
    /// Tasks that nothing was heard of since then are asked about; nil while none is under way.
    private(set) var startedAt: Moment?
    /// When to ask next; nil without a subscription.
    private(set) var nextAsk: Moment?
    private var pause = Reconciliation.firstPause
    private(set) var hasAskedForStrangers = false
    /// Whether it is the first one of a subscription.
    private(set) var isFirst = false

    private static let firstPause: Moment = 5_000
    private static let longestPause: Moment = 300_000

    mutating func begin(at now: Moment, isFirst: Bool = false) {
        self.isFirst = isFirst
        startedAt = now
        nextAsk = now
        pause = Reconciliation.firstPause
        hasAskedForStrangers = false
    }

    /// A task was lost: it is asked about again, although the master has just answered.
    mutating func watch(at now: Moment) {
        guard startedAt == nil else { return }
        startedAt = now
        pause = Reconciliation.firstPause
        asked(at: now)
    }

    mutating func end() {
        (startedAt, nextAsk) = (nil, nil)
    }

    mutating func asked(at now: Moment) {
        hasAskedForStrangers = true
        nextAsk = now + pause
        pause = min(pause * 2, Reconciliation.longestPause)
    }

    mutating func finished(next: Moment) {
        startedAt = nil
        nextAsk = next
    }
}

extension Framework {
    /// How many tasks one RECONCILE asks about.
    private static let slice = 500

    mutating func reconcile() {
        guard phase == .subscribed, let nextAsk = reconciliation.nextAsk else { return }
        if reconciliation.startedAt == nil, now >= nextAsk { reconciliation.begin(at: now) }
        guard let startedAt = reconciliation.startedAt else { return }
        let silent = containers.values.flatMap(\.tasks).filter { task in
            task.launchedAt <= startedAt && (task.isLost || (task.heardAt ?? .min) < startedAt)
        }
        if silent.isEmpty, reconciliation.hasAskedForStrangers {
            let count = containers.values.reduce(0) { $0 + $1.tasks.count }
            if reconciliation.isFirst { calls.append(log(.info, "reconciled: \(count) tasks are accounted for")) }
            return reconciliation.finished(next: now + settings.reconcileInterval)
        }
        guard let due = reconciliation.nextAsk, now >= due else { return }
        ask(about: silent)
        // Without names: the master lists every task it has, also those that nobody here knows.
        if !reconciliation.hasAskedForStrangers { askForAll() }
        reconciliation.asked(at: now)
    }

    /// An agent is in trouble: what became of its tasks?
    mutating func askAbout(agent: String) {
        guard phase == .subscribed else { return }
        ask(about: containers.values.flatMap(\.tasks).filter { $0.agent == agent })
    }

    private mutating func ask(about tasks: [TaskRun]) {
        var rest = tasks.sorted { $0.id < $1.id }[...]
        while !rest.isEmpty {
            var call = call(.reconcile)
            call.reconcile.tasks = rest.prefix(Framework.slice).map { task in
                var item = MesosCall.Reconcile.Task()
                item.taskID.value = task.id
                if !task.agent.isEmpty { item.agentID.value = task.agent }
                return item
            }
            calls.append(.send(call))
            rest = rest.dropFirst(Framework.slice)
        }
    }

    private mutating func askForAll() {
        var call = call(.reconcile)
        call.reconcile = MesosCall.Reconcile()
        calls.append(.send(call))
    }
}
