import Glibc
import HeronState
import Logging
import Processes

/// `heron-executor`: runs the processes of one container as the topology's packing plan wants them.
public struct Executor: Sendable {
    /// Why an executor ended.
    public enum End: Sendable, Hashable {
        case signal(Int32)
        /// The topology was killed, and its state removed.
        case topologyGone
        /// A newer executor of the container, which the text names, has taken over.
        case superseded(String)
        case failed(String)

        /// Heron's codes: the signal's number, or 1 for a failure, after which the scheduler starts the container anew.
        public var exitCode: Int32 {
            switch self {
            case .signal(let number): number
            case .topologyGone, .superseded: 0
            case .failed: 1
            }
        }
    }

    private let options: ExecutorOptions
    private let sandbox: Sandbox
    private let logDirectory: String
    private let state: any StateManager
    private let log: Logger
    private let logWritten: @Sendable () -> Void
    /// What the container's processes get.
    private let environment: [String: String]
    private let host: String
    private let generation: Int64?

    /// How long processes have between SIGTERM and SIGKILL, and a packing plan may be away, as Heron's waits go.
    private static let stopGrace = Duration.seconds(5)
    private static let planGrace = Duration.seconds(30)

    /// - Parameters:
    ///   - logDirectory: where processes log, relative to the sandbox.
    ///   - logWritten: called after lines of a process were logged.
    /// - Throws: ``ExecutorError`` if the environment's generation is none.
    public init(
        _ options: ExecutorOptions,
        _ sandbox: Sandbox,
        logDirectory: String,
        state: any StateManager,
        log: Logger,
        logWritten: @escaping @Sendable () -> Void
    ) throws {
        self.options = options
        self.sandbox = sandbox
        self.logDirectory = logDirectory
        self.state = state
        self.log = log
        self.logWritten = logWritten
        let environment = ChildProcess.currentEnvironment()
        generation = try GenerationFence.generation(in: environment)
        host = primaryHost(environment: environment, stateConnection: options.stateManagerConnection)
        // An executor of another container, which a process might start, has a generation of its own.
        self.environment = environment.filter { $0.key != GenerationFence.variable }
            .merging(["PEX_ROOT": "\(sandbox.directory)/.pex"]) { $1 }
    }

    /// Runs until a signal comes, the topology is gone or a process fails for good; no process is left then.
    public func run(until signals: AsyncStream<Int32>) async -> End {
        let name = "heron-executor-\(options.shard)"
        log.info("\(name) of topology \(options.topologyName), pid \(getpid()), in \(sandbox.directory)")
        do {
            try sandbox.pidFiles.write(getpid(), for: name)
        } catch {
            return .failed("\(error)")
        }
        leadGroup()
        let supervisor = ContainerSupervisor(
            sandbox,
            container: Int32(options.shard),
            environment: environment,
            grace: Executor.stopGrace,
            log: log,
            logWritten: logWritten
        )
        let end = await firstEnd(supervisor, signals)
        log.notice("stopping: \(end)")
        await supervisor.stopAll()
        if getpgrp() == getpid(), let identity = ProcessIdentity.current {
            await ProcessGroup(ledBy: identity).terminate(grace: .seconds(1))
        }
        sandbox.pidFiles.remove(name)
        return end
    }

    /// One signal to the group has to reach the whole container, and nobody else.
    private func leadGroup() {
        if getpgrp() != getpid(), setpgid(0, 0) != 0 {
            log.warning("\(ExecutorError.system("cannot lead a process group", errno))")
        }
    }

    private func firstEnd(_ supervisor: ContainerSupervisor, _ signals: AsyncStream<Int32>) async -> End {
        let (permission, permit) = AsyncStream.makeStream(of: Void.self)
        return await withTaskGroup(of: End?.self) { group in
            group.addTask { await signals.first { _ in true }.map { .signal($0) } }
            group.addTask {
                await supervisor.givenUp.first { _ in true }.map { .failed("\($0) exited too many times") }
            }
            group.addTask { await fence { permit.finish() } }
            group.addTask {
                for await _ in permission {}
                return Task.isCancelled ? nil : await followPlan(supervisor)
            }
            group.addTask {
                await StatusPublisher(
                    topology: options.topologyName,
                    container: Int32(options.shard),
                    state: state,
                    log: log
                ).run(supervisor.changes)
                return nil
            }
            defer { group.cancelAll() }
            for await end in group {
                if let end { return end }
            }
            return .failed("nothing is left to wait for")
        }
    }

    /// Permits processes to run, and returns why they no longer may.
    private func fence(_ permit: () -> Void) async -> End? {
        guard let generation else {
            permit()
            return nil
        }
        do {
            let holder = GenerationHolder(generation: generation, topologyID: options.topologyId, host: host)
            return try await GenerationFence(
                holder,
                container: options.shard,
                of: options.topologyName,
                in: state,
                log: log
            ).run(permit)
        } catch {
            return .failed("\(error)")
        }
    }

    private func followPlan(_ supervisor: ContainerSupervisor) async -> End? {
        if let trouble = PortCheck.trouble(with: options.usedPorts) { return .failed(trouble) }
        do {
            let commands = try ContainerCommands(options, try await facts())
            if options.shard != 0 { try await sandbox.unpackTopology(options, environment: environment) }
            try await PlanWatch(options.topologyName, in: state, grace: Executor.planGrace, log: log).run { plan in
                do {
                    await supervisor.run(try commands.processes(plan))
                } catch {
                    log.error("\(error); what runs is kept")
                }
            }
            return Task.isCancelled ? nil : .topologyGone
        } catch {
            return Task.isCancelled ? nil : .failed("\(error)")
        }
    }

    private func facts() async throws -> ContainerFacts {
        let runsInstances = [.jar, .tar].contains(options.pkgType) && options.shard != 0
        let daemons = presentDaemons()
        let javaHome =
            runsInstances || !daemons.isEmpty
            ? try JavaHome.find(option: options.heronJavaHome, environment: environment) : ""
        return ContainerFacts(
            host: host,
            logDirectory: logDirectory,
            workingDirectory: sandbox.directory,
            daemons: daemons,
            managerEnvironment: environment["ENABLE_HEAPCHECK"] == nil
                ? [:] : ["LD_PRELOAD": "/usr/lib/libtcmalloc.so", "HEAPCHECK": "normal"],
            javaHome: javaHome,
            javaVersion: runsInstances
                ? try await sandbox.javaVersion(javaHome, options.instanceClasspath, environment: environment) : 8
        )
    }

    private func presentDaemons() -> Set<Daemon> {
        Set(
            Daemon.allCases.filter { daemon in
                guard daemon.isWanted(options) else { return false }
                let classpath = daemon.classpath(options)
                if holdsJars(classpath: classpath, in: sandbox.directory) { return true }
                log.notice("the \(daemon.rawValue) is off: there is no jar in \(classpath)")
                return false
            }
        )
    }
}

extension Executor.End: CustomStringConvertible {
    public var description: String {
        switch self {
        case .signal(let number): signalName(number)
        case .topologyGone: "the topology is gone"
        case .superseded(let reason), .failed(let reason): reason
        }
    }
}
