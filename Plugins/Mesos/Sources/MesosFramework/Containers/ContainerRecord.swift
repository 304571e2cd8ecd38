import MesosProtocol

/// One container: what it needs, what runs for it, and why nothing does.
struct ContainerRecord {
    let need: ContainerNeed
    /// The newest attempt that was written down, from 1; 0 before the first.
    var attempt: UInt32 = 0
    /// Failures in a row.
    var failures = 0
    /// Ends in a row that were nobody's fault: an endless row of them is a failure too.
    var looseEnds = 0
    /// Until when the next attempt is put off.
    var notBefore: Moment?
    /// Why it is where it is, in one line; may be empty.
    var reason = ""
    /// Why it still waits, in one line; may be empty.
    var wait = ""
    /// What runs for it.
    var current: TaskRun?
    /// Older tasks that may still run.
    var strays: [TaskRun] = []
    /// Why offers did not suit it, the newest last.
    var refusals = RefusalHistory()
    /// The last task that ended, for links to its sandbox.
    var last: TaskRun?
    /// When tasks ended, for a while.
    private var ends: [String: Moment] = [:]

    init(need: ContainerNeed) {
        self.need = need
    }

    var container: Int32 { need.container }

    /// Whether it has all it wants.
    var isSettled: Bool { current.map { !$0.isDoomed && !$0.isLost } ?? false }

    /// Whether a task may be launched for it now.
    var isReady: Bool { current == nil && notBefore == nil }

    var tasks: [TaskRun] { strays + (current.map { [$0] } ?? []) }

    /// What the next task needs: other ports than one that failed, which somebody else may be using.
    var nextNeed: ContainerNeed {
        var need = need
        if failures > 0 { need.portsAfter = last?.ports.max() ?? 0 }
        return need
    }

    /// Changes a task, if it is one of this container.
    mutating func update(_ id: String, _ body: (inout TaskRun) -> Void) {
        if current?.id == id, var task = current {
            body(&task)
            current = task
        } else if let index = strays.firstIndex(where: { $0.id == id }) {
            body(&strays[index])
        }
    }

    /// Says why no offer was used.
    mutating func waitsBecause() {
        wait = "no offer suits it: \(refusals.summary)"
    }

    /// Takes back moments that are yet to come.
    mutating func clamp(to now: Moment, longestPause: Moment) {
        notBefore = notBefore.map { min($0, now + longestPause) }
        current?.clamp(to: now)
        for index in strays.indices { strays[index].clamp(to: now) }
    }

    /// How long an answer of the master may be on its way, and overtaken.
    private static let answerTime: Moment = 10_000

    mutating func noteEnd(of task: String, at now: Moment) {
        ends = ends.filter { now - $0.value < ContainerRecord.answerTime }
        ends[task] = now
    }

    func hasEndedLately(_ task: String, at now: Moment) -> Bool {
        ends[task].map { now - $0 < ContainerRecord.answerTime } ?? false
    }

    /// Forgets a stray.
    mutating func removeStray(_ id: String) {
        strays.removeAll { $0.id == id }
    }
}

extension ContainerRecord {
    /// Takes over what the ledger has.
    mutating func restore(_ record: LedgerContainer) {
        attempt = record.attempt
        failures = Int(record.failures)
        notBefore = record.hasNotBefore ? record.notBefore : nil
        reason = record.reason
        var tasks = record.tasks.map(TaskRun.init)
        // The newest is the current one, unless it was given up for a next one that was never launched.
        if let last = tasks.last, last.attempt == attempt, !(last.isDoomed && last.isLost) {
            current = tasks.removeLast()
        }
        strays = tasks
        for index in strays.indices { strays[index].doom(at: 0) }
    }

    var record: LedgerContainer {
        var record = LedgerContainer()
        record.container = container
        record.attempt = attempt
        if failures > 0 { record.failures = UInt32(clamping: failures) }
        if let notBefore { record.notBefore = notBefore }
        if !reason.isEmpty { record.reason = reason }
        record.tasks = tasks.map(\.record)
        return record
    }
}
