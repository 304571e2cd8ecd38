import HeronConfig
import HeronModel
import HeronState
import Logging
import Packing
import PluginHost
import SchedulerCore

/// Takes a topology from its file to running containers.
///
/// All or nothing: whatever fails before the launch has succeeded, nothing stays. After that nothing is rolled back.
public struct Submitter: Sendable {
    let request: SubmitRequest
    let log: Logger
    let progress: @Sendable (SubmitProgress) -> Void

    public init(
        _ request: SubmitRequest,
        log: Logger,
        progress: @escaping @Sendable (SubmitProgress) -> Void
    ) {
        self.request = request
        self.log = log
        self.progress = progress
    }

    /// Submits every topology that the file's program defines; a failure ends it, and leaves the ones before running.
    ///
    /// With the scheduler service in the foreground this returns when the service has ended.
    public func run() async throws -> [SubmitOutcome] {
        let catalog: PluginCatalog = .scan(.standard(heronHome: request.heronHome))
        // Read first: a mistake in the cluster's files should not cost a run of the topology's program.
        let layers: ConfigLayers = try loadLayers(catalog)
        layers.warnings.forEach { progress(.warning($0)) }
        let workspace: TemporaryDirectory = try .create()
        defer { workspace.remove() }
        var outcomes: [SubmitOutcome] = []
        for definition in try await define(in: workspace) {
            let submission = try Submission(
                self,
                definition: definition,
                layers: layers,
                catalog: catalog,
                workspace: workspace
            )
            outcomes.append(try await submission.run())
        }
        return outcomes
    }

    private func loadLayers(_ catalog: PluginCatalog) throws -> ConfigLayers {
        let source = ClientSource(
            home: request.heronHome,
            directory: request.configDirectory,
            releaseFile: request.releaseFile,
            properties: request.properties,
            command: CommandKeys(
                place: request.place,
                submitUser: request.submitUser,
                isDryRun: request.dryRun != nil,
                isVerbose: request.verbose,
                logsGarbageCollection: request.logsGarbageCollection
            )
        )
        return try ConfigLoader(environment: .current(), knownKeys: catalog.knownKeys).client(source)
    }

    /// Runs the topology's program and reads what it wrote.
    private func define(in workspace: TemporaryDirectory) async throws -> [TopologyDefinition] {
        progress(.defining(file: request.file.givenPath))
        let folder: String = try workspace.makeSubdirectory("definitions")
        var options = HeronOptions()
        try options.add("cmdline.topologydefn.tmpdirectory", folder)
        try options.add("cmdline.topology.initial.state", request.deactivated ? "PAUSED" : "RUNNING")
        try options.add("cmdline.topology.role", request.place.role)
        try options.add("cmdline.topology.environment", request.place.environ)
        try options.add("cmdline.topology.cluster", request.place.cluster)
        try options.add("cmdline.topology.file_name", request.file.givenPath)
        try options.add("cmdline.topology.class_name", request.className)
        try options.add("cmdline.topology.submit_user", request.submitUser)
        if let name: String = request.arguments.first, request.className != "-" {
            try options.add("cmdline.topology.name", name)
        }
        let program = TopologyProgram(
            file: request.file,
            className: request.className,
            arguments: request.arguments,
            pythonRunner: ["python3", "\(request.heronHome)/dist/heron-core/lib/python/heron_topology_main.py"]
        )
        let scratch: String = try workspace.makeSubdirectory("scratch")
        try await program.run(options: options, scratch: scratch, timeLimit: request.mainLimit)
        return try TopologyDefinition.all(in: folder, writtenBy: request.file.givenPath)
    }
}
