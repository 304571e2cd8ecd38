import Glibc
import MesosProtocol
import Processes

/// A task's life: its sandbox, what it needs, its processes, its end.
extension DevAgent {
    /// All of it, until no process is left.
    func live(_ run: TaskRun) async {
        do throws(LaunchFailure) {
            let user = try prepare(run)
            try await fetch(run)
            let process = try start(run, user)
            // An executor of Mesos's runs before its command can fail to.
            let status = await process?.wait() ?? .exited(1)
            runs[run.id]?.killing?.timer.cancel()
            await endAll(of: run, process)
            let isKilled = runs[run.id]?.isKilled == true
            tell(run.id, isKilled ? .taskKilled : status.isSuccess ? .taskFinished : .taskFailed, status.commandText)
        } catch {
            log.warning("task \(run.key.task) is not started: \(error.message)")
            tell(run, run.status(error))
        }
        end(run)
    }

    /// What the command has left behind ends with it.
    private func endAll(of run: TaskRun, _ process: ChildProcess?) async {
        let processes = TaskProcesses(below: run.sandbox.path, leader: process?.identity)
        if await !processes.kill() { log.warning("some processes of task \(run.key.task) cannot be ended") }
    }

    private func end(_ run: TaskRun) {
        runs[run.id]?.hasEnded = true
        if isTold(run) {
            deliver(.finished(framework: run.framework.id, task: run.task.taskID))
        } else {
            runs[run.id] = nil
        }
    }

    /// Makes the sandbox. Returns the user to give it to, nil if that is this process's.
    private func prepare(_ run: TaskRun) throws(LaunchFailure) -> TaskUser? {
        do {
            try claim(run.task.agentID.value)
            try run.sandbox.create()
        } catch {
            throw .noSandbox(run, "\(error)")
        }
        let name = run.task.command.hasUser ? run.task.command.user : run.framework.user
        guard settings.switchesUser, geteuid() == 0, !name.isEmpty else { return nil }
        guard let user = TaskUser(named: name) else {
            throw .noSandbox(run, "Failed to chown directory to '\(name)': No such user '\(name)'")
        }
        return user.uid == 0 ? nil : user
    }

    /// Lets the next agent know whose tasks these are, once.
    private func claim(_ agent: String) throws {
        guard !claimedAgents.contains(agent) else { return }
        try Leftovers(settings: settings).claim(agent: agent)
        claimedAgents.insert(agent)
    }

    private func fetch(_ run: TaskRun) async throws(LaunchFailure) {
        do {
            try await Fetcher(sandbox: run.sandbox, settings: settings).fetch(run.task.command.uris)
        } catch {
            throw runs[run.id]?.isKilled == true ? .killed : .notFetched(run)
        }
    }

    /// Starts the command. Returns nil if there is no such program.
    private func start(_ run: TaskRun, _ user: TaskUser?) throws(LaunchFailure) -> ChildProcess? {
        guard isTold(run), runs[run.id]?.isKilled == false else { throw .killed }
        if let user {
            do {
                try run.sandbox.give(to: user)
            } catch {
                throw .noContainer("\(error)")
            }
        }
        let process = spawn(run, user)
        runs[run.id]?.process = process
        tell(run.id, .taskStarting)
        tell(run.id, .taskRunning)
        return process
    }

    private func spawn(_ run: TaskRun, _ user: TaskUser?) -> ChildProcess? {
        let command = TaskCommand(run.task.command, as: user)
        do {
            let process = try ChildProcess.spawn(
                executable: command.executable,
                arguments: command.arguments,
                environment: TaskEnvironment.variables(of: run, settings),
                workingDirectory: run.sandbox.path,
                newSession: true,
                stdout: .file(run.sandbox.output),
                stderr: .file(run.sandbox.error)
            )
            log.info("task \(run.key.task) runs as process \(process.processID) in \(run.sandbox.path)")
            return process
        } catch {
            run.sandbox.log("\(error)")
            return nil
        }
    }

    /// Sends SIGTERM, and SIGKILL when the grace is over, unless that is to come earlier anyway.
    func terminate(_ id: String, within grace: Duration) {
        guard let run = runs[id], run.process != nil, !run.hasEnded else { return }
        let deadline = ContinuousClock.now + grace
        if let killing = run.killing {
            guard deadline < killing.deadline else { return }
            killing.timer.cancel()
        } else {
            run.processes.signal(SIGTERM)
        }
        let timer = Task {
            do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
            await run.processes.kill()
        }
        runs[id]?.killing = TaskRun.Killing(deadline: deadline, timer: timer)
    }
}
