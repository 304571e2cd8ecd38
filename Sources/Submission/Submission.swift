import Files
import Glibc
import HeronConfig
import HeronModel
import HeronState
import Logging
import PackageFiles
import Packing
import PluginHost
import SchedulerCore
import TopologyControl
import Uploading

/// One topology on its way: packed, uploaded, recorded in the state, launched.
struct Submission {
    let submitter: Submitter
    let topology: Topology
    let definition: TopologyDefinition
    let config: Config
    let plan: PackingPlan
    let algorithm: String
    let catalog: PluginCatalog
    let workspace: TemporaryDirectory
    /// What of the configuration is not for containers.
    let secrets: ConfigSecrets
    private let layers: ConfigLayers

    private var request: SubmitRequest { submitter.request }

    /// Validates and packs a topology; nothing outside the workspace is touched.
    init(
        _ submitter: Submitter,
        definition: TopologyDefinition,
        layers: ConfigLayers,
        catalog: PluginCatalog,
        workspace: TemporaryDirectory
    ) throws {
        self.submitter = submitter
        self.definition = definition
        self.catalog = catalog
        self.workspace = workspace
        try Submission.validate(definition.topology)
        var layers: ConfigLayers = layers
        layers.set(
            try TopologyKeys(
                id: definition.topology.id,
                name: definition.topology.name,
                binaryFile: submitter.request.file.name,
                definitionFile: definition.path,
                packageFile: "\(workspace.path)/\(definition.topology.name).tar.gz"
            )
        )
        self.layers = layers
        config = try layers.local()
        secrets = try layers.secrets()
        algorithm = try config.string(.packingClass)
        let settings = try PackingSettings(
            instanceCPU: config.double(.instanceCPU),
            instanceRAM: config.bytes(.instanceRAM),
            instanceDisk: config.bytes(.instanceDisk)
        )
        do {
            plan = try PackingAlgorithms.named(algorithm).init(topology: definition.topology, settings: settings)
                .pack { submitter.progress(.warning($0)) }
        } catch let error as PackingError {
            throw SubmissionError("topology '\(definition.topology.name)' cannot be packed: \(error)")
        }
        if [.jar, .tar].contains(submitter.request.file.kind) { try JavaHeap.check(plan) }
        topology = definition.topology.withContainers(plan.containerPlans.count)
    }

    private static func validate(_ topology: Topology) throws {
        do {
            try TopologyValidator.validate(topology)
        } catch let error as InvalidTopology {
            throw SubmissionError(
                "topology '\(topology.name)' cannot be submitted: \(error.violations.joined(separator: "; "))"
            )
        }
    }

    func run() async throws -> SubmitOutcome {
        if let format: DryRunFormat = request.dryRun {
            let renderer = PackingPlanRenderer(plan, topologyName: topology.name, algorithm: algorithm)
            return .planned(renderer.render(format))
        }
        submitter.progress(.launching(topology: topology.name))
        // Looked up first: a wrong class name should not cost an upload that is undone again.
        let tools = Tools(
            uploader: try Uploaders.named(
                try config.string(.uploaderClass),
                UploaderSettings(config, topology: topology.name, role: request.place.role)
            ),
            launcher: try catalog.resolve(.launcher, className: try config.string(.launcherClass))
        )
        let state: any StateManager = try await openClusterState(config, log: submitter.log)
        do {
            let outcome: SubmitOutcome = try await launch(with: tools, state)
            await state.close()
            return outcome
        } catch {
            await state.close()
            throw error
        }
    }

    /// What the cluster's configuration names to do the work.
    private struct Tools {
        let uploader: any Uploader
        let launcher: PluginManifest
    }

    private func launch(with tools: Tools, _ state: any StateManager) async throws -> SubmitOutcome {
        let begin: ContinuousClock.Instant = .now
        var rollBack = RollBack()
        let services: LaunchServices
        do {
            guard try await state.topology(topology.name) == nil else { throw alreadyExists() }
            services = try await stepByStep(tools, state, &rollBack)
        } catch {
            for line in await rollBack.run() { submitter.progress(.warning(line)) }
            throw error
        }
        return try await RunningWait(self, services: services, state: state, begin: begin).run()
    }

    /// The steps that are undone if a later one fails.
    private func stepByStep(
        _ tools: Tools,
        _ state: any StateManager,
        _ rollBack: inout RollBack
    ) async throws -> LaunchServices {
        submitter.progress(
            .packed(
                containers: plan.containerPlans.count,
                instances: plan.containerPlans.reduce(0) { $0 + $1.instancePlans.count },
                algorithm: algorithm
            )
        )
        // The record decides which of two submissions of one name wins, before either touches what both would use.
        try await record(state, &rollBack)
        try Task.checkCancellation()
        let uploaded: any UploadedPackage = try await upload(tools.uploader, &rollBack)
        try Task.checkCancellation()
        let services: LaunchServices = try await callLauncher(tools.launcher, uploaded.uri, state, &rollBack)
        // The topology runs: from here on nothing is rolled back.
        await warnOnFailure { try await uploaded.keep() }
        return services
    }

    private func upload(_ uploader: any Uploader, _ rollBack: inout RollBack) async throws -> any UploadedPackage {
        let package: String = try package()
        let uploaded: any UploadedPackage
        do {
            uploaded = try await uploader.upload(package)
        } catch let error as FileError {
            throw SubmissionError("the package cannot be uploaded: \(error)", hint: whereUploadsGo())
        }
        rollBack.add("upload to \(uploaded.uri)") { try await uploaded.undo() }
        submitter.progress(.uploaded(uri: uploaded.uri))
        return uploaded
    }

    private func whereUploadsGo() -> String? {
        let key: String = Config.Key.localUploadDirectory.name
        return config.entry(key).map { "\(key) is set by \($0.origin)" }
    }

    /// Builds `topology.tar.gz` in the workspace.
    private func package() throws -> String {
        let overrides: String = "\(workspace.path)/\(topology.name).override.yaml"
        let properties: [ConfigProperty] = request.properties.filter { !secrets.keys.contains($0.key) }
        try writeFile(overrides, ConfigProperty.overrideFile(properties))
        let package: String = try config.string(.topologyPackageFile)
        let configuration = PackedConfiguration(secrets, copies: workspace.path) { [submitter] warning in
            submitter.progress(.warning(warning))
        }
        try TopologyPackage(
            topologyFile: request.file.path,
            definitionFile: definition.path,
            configurationFolder: request.configDirectory,
            releaseFile: request.releaseFile,
            overrideFile: overrides,
            choose: configuration.choose
        ).write(to: package)
        return package
    }

    private func writeFile(_ path: String, _ text: String) throws {
        let file = try File(creating: path, permissions: 0o600)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }

    private func record(_ state: any StateManager, _ rollBack: inout RollBack) async throws {
        do {
            try await state.recordSubmission(
                topology,
                packingPlan: plan,
                executionState: executionState(),
                secret: .random()
            )
        } catch let error as StateError where error.code == .nodeExists {
            throw alreadyExists()
        }
        rollBack.add("state in \(state.location)") { [topology] in try await state.rollBackSubmission(of: topology) }
        submitter.progress(.recorded(state: state.location))
    }

    private func callLauncher(
        _ manifest: PluginManifest,
        _ uri: String,
        _ state: any StateManager,
        _ rollBack: inout RollBack
    ) async throws -> LaunchServices {
        let services = LaunchServices(self, packageURI: uri, state: state, layers: layers)
        rollBack.add("launch") { try await services.undo() }
        let launcher = try await LauncherInstance.create(
            manifest: manifest,
            className: try config.string(.launcherClass),
            services: services
        )
        do {
            try await launcher.initialize()
            try await launcher.launch(try plan.serializedBytes())
        } catch {
            try? await launcher.close()
            throw error
        }
        await warnOnFailure { try await launcher.close() }
        submitter.progress(.launched(launcher: launcher.manifest.name))
        return services
    }

    /// Does what follows a launch, which a failure does not undo.
    private func warnOnFailure(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            submitter.progress(.warning("\(error)"))
        }
    }

    private func executionState() throws -> ExecutionState {
        var state = ExecutionState()
        state.topologyName = topology.name
        state.topologyID = topology.id
        state.submissionTime = Int64(time(nil))
        state.submissionUser = request.submitUser
        state.cluster = request.place.cluster
        state.role = request.place.role
        state.environ = request.place.environ
        state.releaseState.releaseUsername = config.entry("heron.build.user")?.value.stringValue ?? ""
        state.releaseState.releaseTag = ""
        state.releaseState.releaseVersion = config.entry("heron.build.version")?.value.stringValue ?? ""
        return state
    }

    private func alreadyExists() -> SubmissionError {
        SubmissionError(
            "Topology '\(topology.name)' already exists",
            hint: "kill it first, or submit under another name"
        )
    }
}

extension Topology {
    /// The topology with `topology.stmgrs` as the packing plan has it: an algorithm may need more or fewer containers.
    fileprivate func withContainers(_ count: Int) -> Topology {
        var copy: Topology = self
        copy.topologyConfig.kvs.removeAll { $0.key == "topology.stmgrs" }
        var entry = TopologyConfig.KeyValue()
        entry.key = "topology.stmgrs"
        entry.value = String(count)
        entry.type = .stringValue
        copy.topologyConfig.kvs.append(entry)
        return copy
    }
}
