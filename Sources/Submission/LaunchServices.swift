import HeronConfig
import HeronModel
import HeronState
import Logging
import PackageFiles
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
    private let started = Mutex<SchedulerServiceProcess?>(nil)

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
    var service: SchedulerServiceProcess? { started.withLock { $0 } }

    func expandTokens(_ text: String) throws -> String {
        let key = Config.Key<String>("heron.plugin.default")
        var copy: ConfigLayers = layers
        copy.set(key, .string(text), .builtIn)
        return try copy.local().string(key)
    }

    func fetchPackage(uri: String, into directory: String) async throws {
        try PackageFiles.fetchPackage(uri: uri, into: directory)
    }

    func startSchedulerService(workingDirectory: String) async throws {
        let request: SubmitRequest = submission.submitter.request
        let record: ServiceRecord = record(workingDirectory)
        try await record.save(submission.topology.name, in: stateManager)
        let service = try await SchedulerServiceProcess.start(
            SchedulerServiceProcess.Settings(
                topology: submission.topology.name,
                cluster: request.place.cluster,
                record: record,
                heronHome: request.heronHome,
                verbose: request.verbose,
                foreground: try !config.bool(.schedulerInBackground)
            ),
            stateManager
        )
        started.withLock { $0 = service }
    }

    func scheduleAsLibrary(workingDirectory: String) async throws {
        let record: ServiceRecord = record(workingDirectory)
        try await record.save(submission.topology.name, in: stateManager)
        try await scheduler(record).schedule()
    }

    /// Ends what the launch has started.
    func undo() async throws {
        guard let service else { return }
        started.withLock { $0 = nil }
        await service.stop()
        try await scheduler(record(service.workingDirectory)).kill()
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
