import MesosProtocol

/// One task, as far as the framework knows; it may run, may have run, or may never have been started.
public struct TaskRun: Sendable, Hashable {
    public let id: String
    public let attempt: UInt32
    public let agent: String
    public let hostname: String
    /// `http://<address>:<port>` of the agent; empty if it is not known.
    public let agentURL: String
    public let ports: [UInt16]
    public private(set) var launchedAt: Moment
    /// Its last known state; nil before the first status.
    public internal(set) var state: MesosTaskState?
    public internal(set) var runningSince: Moment?
    /// Whether it shall end.
    public internal(set) var isDoomed = false

    /// When KILL is due again, and the pause after that.
    var nextKill: Moment?
    var killPause: Moment = TaskRun.firstKillPause
    /// When the master last said anything about it.
    var heardAt: Moment?
    /// Since when nobody knows whether it runs.
    var lostSince: Moment?

    static let firstKillPause: Moment = 5_000
    static let longestKillPause: Moment = 60_000

    init(
        id: String,
        attempt: UInt32,
        agent: String,
        hostname: String,
        agentURL: String,
        ports: [UInt16],
        launchedAt: Moment
    ) {
        self.id = id
        self.attempt = attempt
        self.agent = agent
        self.hostname = hostname
        self.agentURL = agentURL
        self.ports = ports
        self.launchedAt = launchedAt
    }

    /// Mesos's name of its last known state.
    public var stateName: String { state.map(TaskEnd.name) ?? "launched" }

    /// Whether its agent, or all knowledge about it, is lost.
    public var isLost: Bool { lostSince != nil }

    /// Marks it for its end; KILL is due at once.
    mutating func doom(at now: Moment) {
        guard !isDoomed else { return }
        isDoomed = true
        nextKill = now
        killPause = TaskRun.firstKillPause
    }

    /// Takes back moments that are yet to come.
    mutating func clamp(to now: Moment) {
        launchedAt = min(launchedAt, now)
        runningSince = runningSince.map { min($0, now) }
        lostSince = lostSince.map { min($0, now) }
    }

    /// KILL has been sent: calls get lost, so it is sent again after a while.
    mutating func killSent(at now: Moment) {
        nextKill = now + killPause
        killPause = min(killPause * 2, TaskRun.longestKillPause)
    }
}

extension TaskRun {
    /// As the ledger has it.
    init(_ record: LedgerTask) {
        self.init(
            id: record.taskID,
            attempt: record.attempt,
            agent: record.agentID,
            hostname: record.hostname,
            agentURL: record.agentURL,
            ports: record.ports.compactMap(UInt16.init(exactly:)),
            launchedAt: record.launchedAt
        )
        state = record.hasState ? TaskEnd.state(named: record.state) : nil
        runningSince = record.hasRunningSince ? record.runningSince : nil
        isDoomed = record.doomed
        if isDoomed { nextKill = 0 }
        lostSince = record.hasLostSince ? record.lostSince : nil
    }

    var record: LedgerTask {
        var record = LedgerTask()
        record.taskID = id
        record.attempt = attempt
        record.agentID = agent
        record.hostname = hostname
        if !agentURL.isEmpty { record.agentURL = agentURL }
        record.ports = ports.map(UInt32.init)
        if let state { record.state = TaskEnd.name(state) }
        record.launchedAt = launchedAt
        if let runningSince { record.runningSince = runningSince }
        if isDoomed { record.doomed = true }
        if let lostSince { record.lostSince = lostSince }
        return record
    }
}
