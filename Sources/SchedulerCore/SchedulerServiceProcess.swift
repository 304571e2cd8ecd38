import Glibc
import HeronModel
import HeronState
import Processes

/// A `heron-scheduler` that this command starts.
public struct SchedulerServiceProcess: Sendable {
    /// What the service is started with.
    public struct Settings: Sendable {
        public var topology: String
        public var cluster: String
        public var record: ServiceRecord
        public var heronHome: String
        public var verbose: Bool
        /// Whether the service writes its log to this command's stderr instead of a file, and gets its Ctrl-C.
        public var foreground: Bool

        public init(
            topology: String,
            cluster: String,
            record: ServiceRecord,
            heronHome: String,
            verbose: Bool,
            foreground: Bool
        ) {
            self.topology = topology
            self.cluster = cluster
            self.record = record
            self.heronHome = heronHome
            self.verbose = verbose
            self.foreground = foreground
        }

        /// The service's log file in the background.
        public var logFile: String { "\(record.workingDirectory)/log-files/heron-\(topology)-scheduler.log" }
    }

    private let child: ChildProcess
    private let settings: Settings
    /// Nil in the foreground.
    private let log: ServiceLog?

    /// A plugin may have to wait for its cluster before the service is ready.
    private static let readyLimit = Duration.seconds(60)

    /// The directory in which the service runs.
    public var workingDirectory: String { settings.record.workingDirectory }

    /// Starts the service and waits until it has scheduled the topology and registered its location.
    ///
    /// Throws ``SchedulingError`` with the service's own last words if it ends before; then nothing of it is left.
    public static func start(_ settings: Settings, _ state: any StateManager) async throws -> SchedulerServiceProcess {
        // A dead predecessor's location may still stand.
        let previous: StateNode? = try await state.get(try StatePath(.schedulers, settings.topology))
        let log: ServiceLog? = try settings.foreground ? nil : ServiceLog(settings)
        let output: ChildOutput = log.map { .file($0.path) } ?? .inheritedError
        let child: ChildProcess = try ChildProcess.spawn(
            executable: "\(settings.heronHome)/bin/heron-scheduler",
            arguments: arguments(settings),
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: settings.record.workingDirectory,
            newSession: !settings.foreground,
            stdout: output,
            stderr: output
        )
        let service = SchedulerServiceProcess(child: child, settings: settings, log: log)
        do {
            try await service.waitUntilReady(state, previous: previous)
        } catch {
            await service.stop()
            throw error
        }
        return service
    }

    /// Waits until the service has ended; ends it when the task is cancelled.
    public func waitForEnd() async throws {
        let status: ExitStatus = await withTaskCancellationHandler {
            await child.wait()
        } onCancel: {
            child.signal(SIGTERM)
        }
        guard status.isSuccess else { throw SchedulingError("the scheduler service \(status)") }
    }

    /// Asks the service to end and sees to it.
    public func stop() async {
        await child.terminate(grace: .seconds(10))
    }

    private static func arguments(_ settings: Settings) -> [String] {
        [
            "--cluster", settings.cluster, "--role", settings.record.role, "--environment", settings.record.environ,
            "--topology_name", settings.topology, "--topology_bin", settings.record.topologyFile,
            "--heron_home", settings.heronHome,
            "--property_override", "heron.package.topology.uri=\(settings.record.packageURI)",
        ] + (settings.verbose ? ["--verbose"] : [])
    }

    private func waitUntilReady(_ state: any StateManager, previous: StateNode?) async throws {
        let path = try StatePath(.schedulers, settings.topology)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await node in state.watch(path) where node != nil && node != previous { return true }
                throw SchedulingError("the state was closed while the scheduler service started")
            }
            group.addTask {
                let ended: ExitStatus? = await child.wait(for: SchedulerServiceProcess.readyLimit)
                if Task.isCancelled { return true }
                // One that finishes a kill may be faster than the watch for its location.
                if ended?.isSuccess == true, try await KillMark.stands(settings.topology, in: state) { return true }
                throw failure(ended)
            }
            _ = try await group.next()
            group.cancelAll()
        }
    }

    private func failure(_ status: ExitStatus?) -> SchedulingError {
        guard let status else {
            return SchedulingError(
                "the scheduler service was not ready within \(SchedulerServiceProcess.readyLimit.components.seconds) s",
                hint: settings.foreground ? nil : "see \(settings.logFile)"
            )
        }
        guard let reason: String = log?.lastError() else {
            return SchedulingError("the scheduler service \(status)")
        }
        return SchedulingError("the scheduler service \(status): \(reason)")
    }
}
