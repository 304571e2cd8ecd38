import HeronConfig
import HeronModel
import HeronState
import Logging
import Packing
import PluginHost
import Processes
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
        for definition in try await define(in: workspace, layers.local()) {
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
                isVerbose: request.verbose
            )
        )
        return try ConfigLoader(environment: .current(), knownKeys: catalog.knownKeys).client(source)
    }

    /// Runs the topology's program and reads what it wrote.
    private func define(in workspace: TemporaryDirectory, _ config: Config) async throws -> [TopologyDefinition] {
        progress(.defining(file: request.file.givenPath))
        let folder: String = try workspace.makeSubdirectory("definitions")
        let options = try HeronOptions(request, definitionFolder: folder)
        let scratch: String = try workspace.makeSubdirectory("scratch")
        try await program(in: workspace, scratch: scratch, options, config).run(
            options: options,
            scratch: scratch,
            timeLimit: request.mainLimit
        )
        return try TopologyDefinition.all(in: folder, writtenBy: request.file.givenPath)
    }

    private func program(
        in workspace: TemporaryDirectory,
        scratch: String,
        _ options: HeronOptions,
        _ config: Config
    ) throws -> TopologyProgram {
        let file: TopologyFile = request.file
        let thirdParty = "\(request.heronHome)/lib/third_party"
        switch file.kind {
        case .pex, .python:
            return .python(
                file,
                className: request.className,
                arguments: request.arguments,
                runner: ["python3", "\(request.heronHome)/dist/heron-core/lib/python/heron_topology_main.py"]
            )
        case .jar:
            return try java(.jar(file, thirdParty: thirdParty), scratch: scratch, options)
        case .tar:
            let folder = "\(workspace.path)/jars"
            return try java(.tar(file, extractedTo: folder, thirdParty: thirdParty), scratch: scratch, options)
        case .library:
            try NativeInstance(config: config).check(for: file)
            return try .native(file, program: request.className, arguments: request.arguments)
        }
    }

    private func java(_ classPath: JavaClassPath, scratch: String, _ options: HeronOptions) throws -> TopologyProgram {
        try .java(
            request.file,
            className: request.className,
            arguments: request.arguments,
            options: options,
            properties: request.jvmProperties,
            classPath: classPath,
            runtime: .find(in: ChildProcess.currentEnvironment()),
            scratch: scratch
        )
    }
}
