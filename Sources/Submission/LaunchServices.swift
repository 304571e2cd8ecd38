import HeronConfig
import HeronModel
import HeronState
import Logging
import PluginHost
import SchedulerCore
import Synchronization

/// What the host offers to a launcher plugin, and what must be undone if the launch fails.
final class LaunchServices: ConfiguredServices, LauncherServices {
    let config: Config
    let facts: RuntimeFacts
    let state: (any StateManager)?
    let logger: Logger
    private let stateManager: any StateManager
    private let submission: Submission
    private let layers: ConfigLayers
    private let scheduled = Mutex<Scheduled?>(nil)

    /// What the launcher has had started.
    private struct Scheduled {
        let record: ServiceRecord
        /// Nil where this command schedules itself.
        let service: SchedulerServiceProcess?
    }

    init(_ submission: Submission, packageURI: String, state: any StateManager, layers: ConfigLayers) {
        let request: SubmitRequest = submission.submitter.request
        let config: Config = submission.config
        let usesURI: Bool = (try? config.bool(.usesCorePackageURI)) ?? true
        self.config = config
        self.state = state
        self.stateManager = state
        self.submission = submission
        self.layers = layers
        self.logger = submission.submitter.log
        facts = RuntimeFacts(
            topologyName: submission.topology.name,
            topologyID: submission.topology.id,
            cluster: request.place.cluster,
            role: request.place.role,
            environ: request.place.environ,
            submitUser: request.submitUser,
            topologyPackageURI: packageURI,
            topologyFile: request.file.name,
            definitionFile: submission.definition.fileName,
            corePackageURI: usesURI ? config.entry(Config.Key.corePackageURI.name)?.value.stringValue ?? "" : "",
            corePackageDirectory: usesURI
                ? "" : config.entry(Config.Key.corePackageDirectory.name)?.value.stringValue ?? "",
            heronHome: request.heronHome
        )
    }

    /// The scheduler service, if the launcher started one.
    var service: SchedulerServiceProcess? { scheduled.withLock { $0?.service } }

    func expandTokens(_ text: String) throws -> String {
        let key = Config.Key<String>("heron.plugin.default")
        var copy: ConfigLayers = layers
        copy.set(key, .string(text), .builtIn)
        return try copy.local().string(key)
    }

    func fetchPackage(uri: String, into directory: String) async throws {
        let package = try OwnPackage(uri: facts.topologyPackageURI, file: config.string(.topologyPackageFile))
        try package.fetch(uri: uri, into: directory)
    }

    func startSchedulerService(workingDirectory: String) async throws {
        let request: SubmitRequest = submission.submitter.request
        let foreground: Bool = try !config.bool(.schedulerInBackground)
        try await schedule(in: workingDirectory) { record in
            try await SchedulerServiceProcess.start(
                SchedulerServiceProcess.Settings(
                    topology: submission.topology.name,
                    cluster: request.place.cluster,
                    record: record,
                    heronHome: request.heronHome,
                    verbose: request.verbose,
                    foreground: foreground
                ),
                stateManager
            )
        }
    }

    func scheduleAsLibrary(workingDirectory: String) async throws {
        try await schedule(in: workingDirectory) { record in
            try await scheduler(record).schedule()
            return nil
        }
    }

    /// Ends what the launch has started.
    func undo() async throws {
        guard let scheduled = scheduled.withLock({ $0.take() }) else { return }
        await scheduled.service?.stop()
        try await kill(scheduled.record)
    }

    private func schedule(
        in workingDirectory: String,
        _ body: (ServiceRecord) async throws -> SchedulerServiceProcess?
    ) async throws {
        // A scheduler that needs no directory brings credentials to its containers by means of its own.
        if !workingDirectory.isEmpty {
            try giveCredentials(config, to: workingDirectory)
            try submission.secrets.giveToScheduler(in: workingDirectory)
        }
        let record: ServiceRecord = record(workingDirectory)
        try await record.save(submission.topology.name, in: stateManager)
        do {
            let service: SchedulerServiceProcess? = try await body(record)
            scheduled.withLock { $0 = Scheduled(record: record, service: service) }
        } catch {
            await endContainers(record)
            throw error
        }
    }

    /// Ends the containers of a scheduler that failed or was interrupted after it had begun.
    ///
    /// Now, not in ``undo()``: the launcher is about to remove the directory in which they are found. In a task of its
    /// own, so that it is done although this one may be cancelled.
    private func endContainers(_ record: ServiceRecord) async {
        await Task.detached { [self] in
            do {
                guard try await SchedulingContext.hasBegun(facts.topologyName, stateManager) else { return }
                try await kill(record)
            } catch {
                submission.submitter.progress(.warning("containers may be left behind: \(error)"))
            }
        }.value
    }

    private func kill(_ record: ServiceRecord) async throws {
        // A service that failed at its first start has killed the topology itself, and the directory went with it.
        guard ServiceRecord.isDirectory(record.workingDirectory) else { return }
        try await scheduler(record).kill()
    }

    private func scheduler(_ record: ServiceRecord) -> InProcessScheduler {
        InProcessScheduler(
            cluster: facts.cluster,
            topology: facts.topologyName,
            record: record,
            heronHome: facts.heronHome,
            state: stateManager,
            log: logger
        )
    }

    private func record(_ workingDirectory: String) -> ServiceRecord {
        ServiceRecord(
            host: ServiceRecord.ownHost(),
            workingDirectory: workingDirectory,
            topologyFile: facts.topologyFile,
            packageURI: facts.topologyPackageURI,
            corePackageURI: facts.corePackageURI.isEmpty ? nil : facts.corePackageURI,
            role: facts.role,
            environ: facts.environ
        )
    }

    func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String] {
        throw SchedulingError("a launcher starts no executors; only a scheduler may ask for their command line")
    }

    func containerChanged(_ status: ContainerStatus) async {}

    func addToCounter(_ name: String, _ amount: UInt64) {}

    func setGauge(_ name: String, _ value: Double) {}

    func requestShutdown(failed: Bool, reason: String) {
        logger.warning("the launcher asks for the end of this command: \(reason)")
    }
}
