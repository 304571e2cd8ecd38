import MesosProtocol

/// The framework of one topology as a state machine, without clock and I/O: events in, actions out.
///
/// It keeps one task running for every container, from the first SUBSCRIBE to TEARDOWN. After each event the same
/// steps look at everything that time or the event may have changed, so that no order of events is a special case.
public struct Framework: Sendable {
    /// Where it stands with the master.
    public enum Phase: Sendable, Hashable {
        /// Nobody has asked for anything yet.
        case idle
        /// SUBSCRIBE is on its way, or waits for a master.
        case connecting
        case subscribed
        /// The master refused it; another attempt follows.
        case refused(retryAt: Moment)
        /// The master has forgotten it for good, and ended its tasks.
        case removed
        /// TEARDOWN is on its way.
        case tearingDown
        /// It has been torn down.
        case ended
    }

    enum Goal: Sendable, Hashable {
        case none
        case run
        case kill
    }

    let settings: FrameworkSettings
    public internal(set) var phase = Phase.idle
    /// Why it is in its phase, in one line; may be empty.
    public internal(set) var reason = ""
    public internal(set) var frameworkID: String?
    /// Where the master is, or was: `http://host:port`; empty if that was never known.
    public internal(set) var master = ""
    /// Since when events come; nil without a subscription.
    var subscribedAt: Moment?
    var goal = Goal.none
    var containers: [Int32: ContainerRecord] = [:]
    /// The containers that the plan has; others are only ended.
    let wanted: Set<Int32>
    /// Whether the ledger holds tasks of a framework whose id it does not hold.
    let lacksID: Bool

    var pool = OfferPool()
    var avoidance = AgentAvoidance()
    var reconciliation = Reconciliation()
    var offerFlow = OfferFlow()
    var requests = Requests()

    // What one event gives rise to.
    var now: Moment = 0
    var calls: [FrameworkAction] = []
    var answers: [FrameworkAction] = []
    var unsaved: Set<Int32> = []
    var isUnsaved = false
    private var reported: [Int32: ContainerSnapshot] = [:]
    private var hasStarted = false

    /// How long after a refusal another attempt is made.
    static let refusalPause: Moment = 60_000

    /// A framework that goes on from what the ledger has.
    public init(settings: FrameworkSettings, ledger: LedgerContents) {
        self.settings = settings
        wanted = Set(settings.needs.map(\.container))
        for need in settings.needs { containers[need.container] = ContainerRecord(need: need) }
        for record in ledger.containers {
            containers[record.container, default: Framework.surplus(record.container)].restore(record)
        }
        lacksID = ledger.framework?.frameworkID.isEmpty ?? true && ledger.containers.contains { !$0.tasks.isEmpty }
        guard let framework = ledger.framework else { return }
        frameworkID = framework.frameworkID.isEmpty ? nil : framework.frameworkID
        master = framework.master
        reason = framework.reason
        switch framework.hasPhase ? framework.phase : .registered {
        case .registered: break
        case .killing: goal = .kill
        case .removed: phase = .removed
        }
    }

    /// What follows from an event. Actions are in the order in which they have to be done.
    public mutating func handle(_ event: FrameworkEvent, at moment: Moment) -> [FrameworkAction] {
        now = max(now, moment)
        if !hasStarted { start() }
        take(event)
        passTime()
        sendKills()
        reconcile()
        useOffers()
        finishKill()
        answerRequests()
        return drain()
    }

    private mutating func take(_ event: FrameworkEvent) {
        switch event {
        case .schedule(let id, let isResumed): schedule(id, isResumed: isResumed)
        case .kill(let id): kill(id)
        case .restart(let id, let container): restart(id, container)
        case .reconcile(let id): reconcile(id)
        case .declineAll(let id): declineAll(id)
        case .subscribed(let event, let master): subscribed(event, master)
        case .disconnected(let reason): disconnected(reason)
        case .refused(let message): refused(message)
        case .denied(let reason): denied(reason)
        case .received(let event): received(event)
        case .callRejected(let call, let status, let message): rejected(call, status, message)
        case .tornDown: tornDown()
        case .launchFailed(let order, let reason): launchFailed(order, reason)
        case .timePassed: break
        }
    }

    /// Whoever wrote the ledger may have had a clock that is ahead of this one.
    private mutating func start() {
        hasStarted = true
        for id in containers.keys { containers[id]?.clamp(to: now, longestPause: settings.restartDelayMaximum) }
    }

    private mutating func received(_ event: MesosEvent) {
        switch event.type {
        case .offers: offered(event.offers.offers)
        case .rescind: pool.remove([event.rescind.offerID])
        case .update: updated(event.update.status)
        case .failure where event.failure.hasAgentID && !event.failure.hasExecutorID:
            askAbout(agent: event.failure.agentID.value)
        case .inverseOffers: declineInverse(event.inverseOffers.inverseOffers.map(\.id))
        default: break
        }
    }

    /// Saves come first: what follows relies on them. Answers come last, when everything they speak of is on its way.
    private mutating func drain() -> [FrameworkAction] {
        var actions: [FrameworkAction] = []
        if isUnsaved || !unsaved.isEmpty {
            let records = unsaved.sorted().compactMap { containers[$0]?.record }
            actions.append(.save(LedgerChanges(framework: isUnsaved ? record : nil, containers: records)))
        }
        actions += calls
        for id in containers.keys.sorted() {
            let snapshot = snapshot(of: id)
            if reported[id] != snapshot {
                reported[id] = snapshot
                actions.append(.report(snapshot))
            }
        }
        actions += answers
        (calls, answers, unsaved, isUnsaved) = ([], [], [], false)
        return actions
    }

    private var record: LedgerFramework {
        var record = LedgerFramework()
        if let frameworkID { record.frameworkID = frameworkID }
        record.phase = phase == .removed ? .removed : goal == .kill ? .killing : .registered
        if !reason.isEmpty, phase == .removed { record.reason = reason }
        if !master.isEmpty { record.master = master }
        return record
    }

    /// A container that the plan does not have, but that tasks run for.
    static func surplus(_ container: Int32) -> ContainerRecord {
        ContainerRecord(
            need: ContainerNeed(container: container, milliCPUs: 0, milliMemory: 0, milliDisk: 0, portCount: 0)
        )
    }

    func log(_ level: FrameworkAction.LogLevel, _ message: String) -> FrameworkAction { .log(level, message) }
}

extension Framework {
    /// Whether the topology is being killed.
    public var isBeingKilled: Bool { goal == .kill }

    /// The offers that are held, ordered by id.
    public var offers: [MesosOffer] { pool.offers }

    /// Every container as the world sees it, in order.
    public var snapshots: [ContainerSnapshot] { containers.keys.sorted().map(snapshot) }

    private func snapshot(of id: Int32) -> ContainerSnapshot {
        let record = containers[id] ?? Framework.surplus(id)
        return ContainerSnapshot(
            container: id,
            state: state(of: record),
            attempt: record.attempt,
            reason: reason(of: record),
            task: record.current,
            last: record.current == nil || record.failures > 0 ? record.last : nil,
            strays: record.strays,
            refusals: record.isReady && goal == .run ? record.refusals.entries : []
        )
    }

    private func state(of record: ContainerRecord) -> ContainerSnapshot.State {
        if let task = record.current {
            if task.isDoomed { return .stopping }
            return task.state == .taskRunning && !task.isLost ? .running : .pending
        }
        if phase == .removed || goal != .run || !wanted.contains(record.container) {
            return record.strays.isEmpty ? .stopped : .stopping
        }
        return record.notBefore == nil ? .pending : .backingOff
    }

    private func reason(of record: ContainerRecord) -> String {
        if phase == .removed { return "the framework was REMOVED by the master" }
        guard let task = record.current else {
            return [record.reason, record.wait].filter { !$0.isEmpty }.joined(separator: "; ")
        }
        if task.isLost { return record.reason }
        switch task.state {
        case nil: return "launched, not heard of yet"
        case .taskStaging, .taskStarting: return "being started on \(task.hostname)"
        default: return record.reason
        }
    }
}
