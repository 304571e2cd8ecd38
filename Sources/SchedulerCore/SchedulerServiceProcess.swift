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
    private let logStart: Int

    /// A plugin may have to wait for its cluster before the service is ready.
    private static let readyLimit = Duration.seconds(60)

    /// The directory in which the service runs.
    public var workingDirectory: String { settings.record.workingDirectory }

    /// Starts the service and waits until it has scheduled the topology and registered its location.
    ///
    /// Throws ``SchedulingError`` with the service's own last words if it ends before; then nothing of it is left.
    public static func start(_ settings: Settings, _ state: any StateManager) async throws -> SchedulerServiceProcess {
        let log: ChildOutput = try settings.foreground ? .inheritedError : .file(openLog(settings))
        let start: Int = settings.foreground ? 0 : fileSize(settings.logFile)
        let child: ChildProcess = try ChildProcess.spawn(
            executable: "\(settings.heronHome)/bin/heron-scheduler",
            arguments: arguments(settings),
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: settings.record.workingDirectory,
            newSession: !settings.foreground,
            stdout: log,
            stderr: log
        )
        let service = SchedulerServiceProcess(child: child, settings: settings, logStart: start)
        do {
            try await service.waitUntilReady(state)
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
            "--heron_home", settings.heronHome, "--http_port", "0",
            "--property_override", "heron.package.topology.uri=\(settings.record.packageURI)",
        ] + (settings.verbose ? ["--verbose"] : [])
    }

    private func waitUntilReady(_ state: any StateManager) async throws {
        let path = try StatePath(.schedulers, settings.topology)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await node in state.watch(path) where node != nil { return true }
                throw SchedulingError("the state was closed while the scheduler service started")
            }
            group.addTask {
                let ended: ExitStatus? = await child.wait(for: SchedulerServiceProcess.readyLimit)
                if Task.isCancelled { return true }
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
        guard !settings.foreground, let reason: String = lastError() else {
            return SchedulingError("the scheduler service \(status)")
        }
        return SchedulingError("the scheduler service \(status): \(reason)")
    }

    /// The text of the last error line that this service wrote to its log.
    private func lastError() -> String? {
        let descriptor: Int32 = open(settings.logFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size: Int = SchedulerServiceProcess.fileSize(settings.logFile)
        let offset: Int = max(logStart, size - (64 << 10))
        guard size > offset else { return nil }
        var bytes = [UInt8](repeating: 0, count: size - offset)
        let count: Int = pread(descriptor, &bytes, bytes.count, off_t(offset))
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
        let marker = "[ERROR]: "
        guard let line = lines.last(where: { $0.contains(marker) }), let range = line.firstRange(of: marker) else {
            return lines.last.map(String.init)
        }
        return String(line[range.upperBound...])
    }

    private static func openLog(_ settings: Settings) throws -> String {
        let folder: String = "\(settings.record.workingDirectory)/log-files"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw SchedulingError("cannot create '\(folder)': \(String(cString: strerror(errno)))")
        }
        return settings.logFile
    }

    private static func fileSize(_ path: String) -> Int {
        var status: stat = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
