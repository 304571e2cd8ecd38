import Logging
import MesosProtocol

/// The agent half of the development cluster: runs command tasks as processes of this machine.
///
/// Commands come from one master, in order; what becomes of tasks is told by messages. Nothing limits what tasks use.
/// ``close()`` has to be called before the agent is dropped: it ends the tasks.
public actor DevAgent {
    private(set) var settings: AgentSettings
    let log: Logger
    let deliver: @Sendable (AgentMessage) -> Void
    /// By id; those that are not told of any more too, as long as they have processes.
    var runs: [String: TaskRun] = [:]
    /// The runs that are told of.
    var told: [TaskRun.Key: String] = [:]
    /// The agents' ids under which this one has launched tasks: another one if a master has forgotten it.
    var claimedAgents: Set<String> = []
    private(set) var isClosed = false

    /// - Parameter deliver: gets every message, in order; must not block.
    public init(settings: AgentSettings, log: Logger, deliver: @escaping @Sendable (AgentMessage) -> Void) {
        self.settings = settings
        self.log = log
        self.deliver = deliver
    }

    /// Ends the processes that a predecessor with this work directory has left: the first call.
    public func begin() async {
        await Leftovers(settings: settings).end(log)
    }

    /// Says where the agent's endpoints are, for the environment of tasks.
    public func listens(on port: Int) {
        settings.port = port
    }

    /// Starts a task. One that is there already is not started again.
    public func launch(framework: MesosFrameworkInfo, task: MesosTaskInfo) {
        let run = TaskRun(framework: framework, task: task, settings: settings)
        guard !isClosed, told[run.key] == nil else {
            log.warning("not launching task \(run.key.task): \(isClosed ? "the agent ends" : "it is there already")")
            return
        }
        runs[run.id] = run
        told[run.key] = run.id
        runs[run.id]?.life = Task { await live(run) }
    }

    /// Ends a task: SIGTERM, then SIGKILL after the grace of the policy, of the task, or the agent's own. A repetition
    /// can shorten the time that is left, not lengthen it.
    public func kill(framework: MesosFrameworkID, task: MesosTaskID, policy: MesosKillPolicy?) {
        guard let id = told[TaskRun.Key(framework: framework.value, task: task.value)], let run = runs[id],
            !run.hasEnded
        else { return }
        runs[id]?.isKilled = true
        guard run.process != nil else {
            run.life?.cancel()
            return
        }
        if !run.isKilled, run.isFor(.taskKillingState) { tell(id, .taskKilling) }
        terminate(id, within: grace(run, policy))
    }

    /// A framework has an update: the next one of that task is sent.
    public func acknowledge(framework: MesosFrameworkID, task: MesosTaskID, uuid: [UInt8]) {
        guard let id = told[TaskRun.Key(framework: framework.value, task: task.value)],
            runs[id]?.updates.acknowledge(uuid) == true
        else { return }
        runs[id]?.retries?.cancel()
        if runs[id]?.updates.head != nil {
            send(id)
        } else if let run = runs[id], run.hasEnded {
            forget(run)
        }
    }

    /// Sends again at once what a framework has not acknowledged.
    public func resend(framework: MesosFrameworkID) {
        for key in told.keys.sorted(by: { $0.task < $1.task }) where key.framework == framework.value {
            if let id = told[key] { send(id) }
        }
    }

    /// Ends a framework's tasks as a kill does, and tells nothing of them any more.
    public func shutDown(framework: MesosFrameworkID) {
        for run in runs.values where run.framework.id == framework {
            fallSilent(run)
            terminate(run.id, within: grace(run, nil))
        }
    }

    /// Ends all tasks at once, as when a machine dies, and tells nothing of them any more.
    public func abandon() async {
        let ended = Array(runs.values)
        for run in ended { fallSilent(run) }
        for run in ended where run.process != nil { await run.processes.kill() }
    }

    /// Ends all tasks as a kill does, tells nothing any more, and returns when no process is left.
    public func close() async {
        isClosed = true
        for run in runs.values {
            fallSilent(run)
            terminate(run.id, within: grace(run, nil))
        }
        for life in runs.values.compactMap(\.life) { await life.value }
        for agent in claimedAgents { Leftovers(settings: settings).release(agent: agent) }
    }

    private func grace(_ run: TaskRun, _ policy: MesosKillPolicy?) -> Duration {
        for policy in [policy, run.task.killPolicy] {
            guard let policy, policy.hasGracePeriod else { continue }
            return .nanoseconds(max(0, policy.gracePeriod.nanoseconds))
        }
        return settings.killGrace
    }
}
