import FoundationEssentials
import Glibc
import Logging
import MesosProtocol
import Processes

/// The agent half of the development cluster: runs command tasks as processes of this machine.
///
/// Commands come from one master, in order; what becomes of tasks is told by messages. Nothing limits what tasks use.
public actor DevAgent {
    struct Key: Hashable {
        let framework: String
        let task: String
    }

    struct Run {
        let info: MesosTaskInfo
        let framework: MesosFrameworkInfo
        var sandbox: Sandbox?
        var process: ChildProcess?
        var updates = UpdateQueue()
        var isKilled = false
        var hasEnded = false
        var retries: Task<Void, Never>?
    }

    let settings: AgentSettings
    let log: Logger
    private let deliver: @Sendable (AgentMessage) -> Void
    private let records: RunRecords
    private var runs: [Key: Run] = [:]
    private var isClosed = false

    /// - Parameter deliver: told every message; must not block.
    public init(settings: AgentSettings, log: Logger, deliver: @escaping @Sendable (AgentMessage) -> Void) {
        self.settings = settings
        self.log = log
        self.deliver = deliver
        records = RunRecords(settings)
    }

    /// Ends the processes that a predecessor with this work directory has left. The first call.
    public func begin() async {
        await records.endLeftovers()
    }

    /// Starts a task.
    public func launch(framework: MesosFrameworkInfo, task: MesosTaskInfo) async {
        let key = Key(framework: framework.id.value, task: task.taskID.value)
        guard !isClosed, runs[key] == nil else { return }
        runs[key] = Run(info: task, framework: framework)
        Task { await start(key) }
    }

    /// Ends a task: SIGTERM, then SIGKILL after the grace of the policy, of the task, or the agent's own.
    public func kill(framework: MesosFrameworkID, task: MesosTaskID, policy: MesosKillPolicy?) {
        let key = Key(framework: framework.value, task: task.value)
        guard let run = runs[key], !run.hasEnded else { return }
        let isFirst = !run.isKilled
        runs[key]?.isKilled = true
        guard let process = run.process else { return }
        if isFirst, tells(run.framework, .taskKillingState) { tell(key, .taskKilling) }
        let grace = grace(run.info, policy)
        // A second kill can shorten the time that is left: the first of them to run out of patience counts.
        Task { await process.terminate(grace: grace) }
    }

    /// A framework has an update: the next one of that task can be sent.
    public func acknowledge(framework: MesosFrameworkID, task: MesosTaskID, uuid: [UInt8]) {
        let key = Key(framework: framework.value, task: task.value)
        guard runs[key]?.updates.acknowledge(uuid) == true else { return }
        runs[key]?.retries?.cancel()
        if runs[key]?.updates.head != nil {
            send(key)
        } else if runs[key]?.hasEnded == true {
            runs[key] = nil
        }
    }

    /// Sends again at once what a framework has not acknowledged.
    public func resend(framework: MesosFrameworkID) {
        for key in runs.keys.sorted(by: { $0.task < $1.task }) where key.framework == framework.value { send(key) }
    }

    /// Ends a framework's tasks, and tells nothing of them any more.
    public func shutDown(framework: MesosFrameworkID) {
        for key in runs.keys where key.framework == framework.value { drop(key) }
    }

    /// Ends all tasks, and tells nothing of them any more.
    public func abandon() {
        for key in Array(runs.keys) { drop(key) }
    }

    /// Ends all tasks and returns when no process is left.
    public func close() async {
        isClosed = true
        let processes = runs.values.compactMap(\.process)
        abandon()
        await withTaskGroup(of: Void.self) { group in
            for process in processes {
                group.addTask { await process.terminate(grace: .seconds(3)) }
            }
        }
        records.save([])
    }

    // MARK: A task's life

    private func start(_ key: Key) async {
        guard let run = runs[key] else { return }
        let task = run.info
        do {
            let user = try user(of: run)
            let sandbox = try Sandbox.create(
                settings,
                agent: task.agentID.value,
                framework: key.framework,
                executor: key.task
            )
            runs[key]?.sandbox = sandbox
            try await fetch(task.command.uris, into: sandbox)
            if let user { try sandbox.give(to: user) }
            try spawn(key, sandbox, user)
        } catch let problem as LaunchProblem {
            end(key, problem.state, problem.reason, problem.message)
        } catch {
            end(key, .taskFailed, .containerLaunchFailed, "Failed to launch container: \(error)")
        }
    }

    private func user(of run: Run) throws -> TaskUser? {
        let name = run.info.command.user.isEmpty ? run.framework.user : run.info.command.user
        guard settings.switchesUser, geteuid() == 0, name != "root", !name.isEmpty else { return nil }
        guard let user = TaskUser(named: name) else {
            log.warning("no user \(name) on this machine")
            let state: MesosTaskState = tells(run.framework, .partitionAware) ? .taskDropped : .taskLost
            throw LaunchProblem(state: state, reason: .executorTerminated, message: "Failed to get user '\(name)'")
        }
        return user
    }

    private func fetch(_ uris: [MesosCommandInfo.URI], into sandbox: Sandbox) async throws {
        do {
            try await Fetcher(sandbox: sandbox).fetch(uris)
        } catch {
            sandbox.log(error.description)
            throw LaunchProblem(
                state: .taskFailed,
                reason: .containerLaunchFailed,
                message: "Failed to launch container: Failed to fetch all URIs for container "
                    + "'\(sandbox.containerID)': exited with status 1"
            )
        }
    }

    private func spawn(_ key: Key, _ sandbox: Sandbox, _ user: TaskUser?) throws {
        guard let run = runs[key], !isClosed else { return }
        guard !run.isKilled else {
            return end(key, .taskKilled, .taskKilledDuringLaunch, "A kill task request was received during launch")
        }
        let task = run.info
        let environment = TaskCommand.environment(
            task.command,
            task: task,
            framework: run.framework,
            sandbox: sandbox,
            address: settings.address
        )
        let command = TaskCommand(task.command, environment: environment, user: user)
        tell(key, .taskStarting)
        let process: ChildProcess
        do {
            process = try ChildProcess.spawn(
                executable: command.executable,
                arguments: command.arguments,
                environment: command.environment,
                workingDirectory: sandbox.path,
                newSession: true,
                stdout: .file(sandbox.stdout),
                stderr: .file(sandbox.stderr)
            )
        } catch {
            // Recorded: Mesos's own executor runs, and fails at exec.
            sandbox.log("\(error)")
            tell(key, .taskRunning)
            return end(key, .taskFailed, nil, "Command exited with status 1")
        }
        runs[key]?.process = process
        remember()
        tell(key, .taskRunning)
        Task { await exited(key, await process.wait(), process) }
    }

    private func exited(_ key: Key, _ status: ExitStatus, _ process: ChildProcess) async {
        // What the task leaves behind ends with it.
        await process.terminate(grace: .zero)
        guard let run = runs[key] else { return }
        let message = ExitText.of(status)
        if run.isKilled {
            end(key, .taskKilled, nil, message)
        } else {
            end(key, status.isSuccess ? .taskFinished : .taskFailed, nil, message)
        }
        remember()
    }

    private func end(_ key: Key, _ state: MesosTaskState, _ reason: MesosTaskStatus.Reason?, _ message: String) {
        guard let run = runs[key], !run.hasEnded else { return }
        runs[key]?.hasEnded = true
        runs[key]?.process = nil
        deliver(.finished(framework: run.framework.id, task: run.info.taskID))
        tell(key, state, reason, message)
    }

    private func drop(_ key: Key) {
        guard let run = runs.removeValue(forKey: key) else { return }
        run.retries?.cancel()
        guard let process = run.process else { return }
        let grace = grace(run.info, nil)
        Task {
            await process.terminate(grace: grace)
            remember()
        }
    }

    // MARK: Updates

    private func tell(
        _ key: Key,
        _ state: MesosTaskState,
        _ reason: MesosTaskStatus.Reason? = nil,
        _ message: String? = nil
    ) {
        guard let run = runs[key] else { return }
        let status = status(run, state, reason, message)
        if runs[key]?.updates.append(status) == true { send(key) }
    }

    private func status(
        _ run: Run,
        _ state: MesosTaskState,
        _ reason: MesosTaskStatus.Reason?,
        _ message: String?
    ) -> MesosTaskStatus {
        var status = MesosTaskStatus()
        status.taskID = run.info.taskID
        status.state = state
        status.agentID = run.info.agentID
        status.source = reason == nil ? .executor : .agent
        if let reason { status.reason = reason }
        if let message { status.message = message }
        status.timestamp = Date().timeIntervalSince1970
        status.uuid = Data(RandomID.bytes())
        status.executorID.value = run.info.taskID.value
        if let sandbox = run.sandbox {
            status.containerStatus.containerID.value = sandbox.containerID
            var network = MesosNetworkInfo()
            var address = MesosNetworkInfo.IPAddress()
            address.protocol = .ipv4
            address.ipAddress = settings.address
            network.ipAddresses = [address]
            status.containerStatus.networkInfos = [network]
            if let process = run.process { status.containerStatus.executorPid = UInt32(process.processID) }
        }
        return status
    }

    /// Sends the head of a task's queue, and again until it is acknowledged.
    private func send(_ key: Key) {
        guard let run = runs[key], let head = run.updates.head else { return }
        run.retries?.cancel()
        let (first, framework, deliver) = (settings.updateRetry, run.framework.id, deliver)
        deliver(.update(framework: framework, head))
        runs[key]?.retries = Task {
            var pause = first
            while true {
                do { try await Task.sleep(for: pause) } catch { return }
                deliver(.update(framework: framework, head))
                pause = min(pause * 2, AgentSettings.longestRetry)
            }
        }
    }

    private func remember() {
        records.save(runs.values.compactMap(\.process?.identity))
    }

    private func grace(_ task: MesosTaskInfo, _ policy: MesosKillPolicy?) -> Duration {
        if let policy, policy.hasGracePeriod { return .nanoseconds(policy.gracePeriod.nanoseconds) }
        if task.killPolicy.hasGracePeriod { return .nanoseconds(task.killPolicy.gracePeriod.nanoseconds) }
        return settings.killGrace
    }

    private func tells(_ framework: MesosFrameworkInfo, _ type: MesosFrameworkInfo.Capability.TypeEnum) -> Bool {
        framework.capabilities.contains { $0.type == type }
    }
}

/// Why a task was not started.
struct LaunchProblem: Error {
    let state: MesosTaskState
    let reason: MesosTaskStatus.Reason
    let message: String
}
