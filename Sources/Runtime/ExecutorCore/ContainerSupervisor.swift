import Glibc
import HeronState
import Logging
import Processes

/// Runs a container's processes: does what ``Supervision`` decides, and tells it what happened.
///
/// The processes stay in the executor's session and group, so that whoever ends that group ends all of them.
public actor ContainerSupervisor {
    /// Names of processes that failed too often; the container cannot go on after one.
    public nonisolated let givenUp: AsyncStream<String>

    /// What all processes do, whenever that has changed; only the newest is kept for a slow reader.
    public nonisolated let changes: AsyncStream<[ProcessStatus]>

    private struct Child {
        let command: ProcessCommand
        let process: ChildProcess
        let output: ProcessLog
        let started: ContinuousClock.Instant
    }

    private let sandbox: Sandbox
    private let environment: [String: String]
    private let grace: Duration
    private let log: Logger
    private let logWritten: @Sendable () -> Void
    private let giveUp: AsyncStream<String>.Continuation
    private let changed: AsyncStream<[ProcessStatus]>.Continuation
    private var board: ProcessBoard
    private var supervision: Supervision
    private var children: [Supervision.Run: Child] = [:]
    private var delays: [Supervision.Run: Task<Void, Never>] = [:]
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - container: the container's number, for the status.
    ///   - environment: what all processes get.
    ///   - grace: between SIGTERM and SIGKILL.
    ///   - logWritten: called after lines of a process were logged.
    public init(
        _ sandbox: Sandbox,
        container: Int32,
        environment: [String: String],
        policy: Supervision.Policy = Supervision.Policy(),
        grace: Duration,
        log: Logger,
        logWritten: @escaping @Sendable () -> Void = {}
    ) {
        self.sandbox = sandbox
        self.environment = environment
        self.grace = grace
        self.log = log
        self.logWritten = logWritten
        supervision = Supervision(policy)
        board = ProcessBoard(container: container)
        (givenUp, giveUp) = AsyncStream.makeStream()
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Makes these the processes to run; returns before those that stop have ended.
    public func run(_ commands: [ProcessCommand]) {
        board.keep(Set(commands.map(\.name)))
        perform(supervision.want(commands))
    }

    /// Stops all processes, and returns when none is left.
    public func stopAll() async {
        perform(supervision.want([]))
        delays.values.forEach { $0.cancel() }
        guard !supervision.isIdle else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    private func perform(_ actions: [Supervision.Action]) {
        for action in actions {
            switch action {
            case .start(let command, let run): start(command, run)
            case .stop(let run): stop(run)
            case .restart(let name, let run, let delay): restart(name, run, after: delay)
            case .giveUp(let name):
                log.critical("\(name) exited too many times")
                giveUp.yield(name)
            }
        }
    }

    private func start(_ command: ProcessCommand, _ run: Supervision.Run) {
        do {
            let output = try ProcessLog(command.name, log: log, written: logWritten)
            let process = try ChildProcess.spawn(
                executable: command.executable,
                arguments: command.arguments,
                environment: environment.merging(command.environment) { $1 },
                workingDirectory: sandbox.directory,
                stdout: output.output,
                stderr: output.output
            )
            output.processStarted()
            children[run] = Child(command: command, process: process, output: output, started: .now)
            board.started(command.name, pid: process.processID)
            changed.yield(board.all)
            log.info("started \(command.name) with pid \(process.processID): \(command.line)")
            Task { ended(run, await process.wait()) }
            try sandbox.pidFiles.write(process.processID, for: command.name)
        } catch {
            log.error("\(command.name): \(error)")
            guard children[run] == nil else { return }
            board.ended(command.name, "\(error)")
            changed.yield(board.all)
            // Not from within the call that asked for the start.
            Task { report(run, after: .zero) }
        }
    }

    private func stop(_ run: Supervision.Run) {
        guard let child = children[run] else { return }
        log.info("stopping \(child.command.name), pid \(child.process.processID)")
        Task { [grace] in await child.process.terminate(grace: grace) }
    }

    private func restart(_ name: String, _ run: Supervision.Run, after delay: Duration) {
        log.warning("\(name) starts again in \(delay)")
        delays[run] = Task {
            do { try await Task.sleep(for: delay) } catch { return }
            delays[run] = nil
            perform(supervision.restartDue(run))
        }
    }

    private func ended(_ run: Supervision.Run, _ status: ExitStatus) {
        guard let child = children.removeValue(forKey: run) else { return }
        let lasted = ContinuousClock.now - child.started
        sandbox.pidFiles.remove(child.command.name)
        board.ended(child.command.name, "\(status)")
        changed.yield(board.all)
        log.info(
            "\(child.command.name), pid \(child.process.processID), \(status) after \(lasted.components.seconds) s"
        )
        Task { await child.output.finish() }
        report(run, after: lasted)
    }

    private func report(_ run: Supervision.Run, after lasted: Duration) {
        perform(supervision.ended(run, after: lasted))
        guard supervision.isIdle else { return }
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
    }
}
