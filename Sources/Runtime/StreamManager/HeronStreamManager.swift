import ArgumentParser
import Files
import Glibc
import HeronLogging
import HeronModel
import HeronState
import Logging
import NIOPosix
import Processes
import RuntimeConfig
import StreamManagerCore

/// The executable `heron-stmgr`, with the options of Heron's.
@main
struct HeronStreamManager: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-stmgr",
        abstract: "Moves the tuples of one container's instances among them and to other containers."
    )

    @Option(name: .customLong("topology_name"), help: "The topology's name.")
    var topologyName: String

    @Option(name: .customLong("topology_id"), help: "The topology's id.")
    var topologyID: String

    @Option(name: .customLong("topologydefn_file"), help: "The topology's definition file.")
    var definitionFile: String

    @Option(name: .customLong("zkhostportlist"), help: "ZooKeeper's host:port list; LOCALMODE for local files.")
    var stateConnection = "LOCALMODE"

    @Option(name: .customLong("zkroot"), help: "The root of the state.")
    var stateRoot: String

    @Option(name: .customLong("stmgr_id"), help: "This stream manager's id: stmgr-<container>.")
    var id: String

    @Option(name: .customLong("instance_ids"), help: "The ids of the container's instances, separated by commas.")
    var instanceIDs: String

    @Option(name: .customLong("myhost"), help: "The name under which others reach this machine.")
    var host: String

    @Option(name: .customLong("data_port"), help: "The port for other stream managers; 0 for any.")
    var dataPort: Int

    @Option(name: .customLong("local_data_port"), help: "The port for the container's instances; 0 for any.")
    var localDataPort: Int

    @Option(name: .customLong("shell_port"), help: "The port of the container's heron-shell.")
    var shellPort: Int

    @Option(name: .customLong("config_file"), help: "heron_internals.yaml.")
    var configFile: String

    @Option(name: .customLong("override_config_file"), help: "A file whose values override those of the former.")
    var overrideFile: String?

    @Option(name: .customLong("metricsmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsManagerPort: Int?

    @Option(name: .customLong("ckptmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    var checkpointManagerPort: Int?

    @Option(name: .customLong("ckptmgr_id"), help: "Accepted as Heron's executor gives it; not used yet.")
    var checkpointManagerID: String?

    @Option(name: .customLong("metricscachemgr_mode"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsCacheMode: String?

    func validate() throws {
        let ports = [("data_port", dataPort), ("local_data_port", localDataPort), ("shell_port", shellPort)]
        for (name, port) in ports where !(0...65535).contains(port) {
            throw ValidationError("--\(name) \(port) is not a port (0 to 65535)")
        }
    }

    func run() async throws {
        try HeronLogging.bootstrap(level: .info)
        let logger = Logger(label: "heron-stmgr")
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let config = try RuntimeConfig(internalsFile: configFile, overrideFile: overrideFile)
        let definition = try readDefinition()
        var settings = StateSettings(connection: stateConnection, rootPath: stateRoot)
        settings.zooKeeper.credentialsSources = [.workingDirectory(".")]
        let state = try await openStateManager(settings) { level, message in
            logger.log(level: Logger.Level(level), "\(message)")
        }
        let service = StreamManagerService(
            options: options(config.streamManager),
            definition: definition,
            state: state,
            logger: logger
        )
        let result = await run(service, until: signals, logger)
        await state.close()
        try result.get()
    }

    private func readDefinition() throws -> Topology {
        let file = try File(reading: definitionFile)
        let bytes = try file.bytes(at: 0, count: Int(clamping: try file.status().size))
        try file.close()
        do {
            return try Topology(serializedBytes: bytes)
        } catch {
            throw StreamManagerError("\(definitionFile) is not a topology's definition: \(error)")
        }
    }

    private func options(_ settings: StreamManagerSettings) -> StreamManagerOptions {
        StreamManagerOptions(
            id: id,
            topologyName: topologyName,
            topologyID: topologyID,
            instanceIDs: instanceIDs.split(separator: ",").map(String.init),
            host: host,
            dataPort: dataPort,
            localDataPort: localDataPort,
            shellPort: shellPort,
            tuning: StreamManagerTuning(settings)
        )
    }

    /// Runs the service until it fails or a signal comes.
    private func run(
        _ service: StreamManagerService,
        until signals: AsyncStream<Int32>,
        _ logger: Logger
    ) async -> Result<Void, any Error> {
        let work = Task {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let result = await Result { try await service.run(on: group) }
            try await group.shutdownGracefully()
            try result.get()
        }
        let watch = Task {
            for await signal in signals {
                logger.notice("stopping: \(signalName(signal))")
                work.cancel()
            }
        }
        defer { watch.cancel() }
        return await work.result
    }
}

extension Logger.Level {
    fileprivate init(_ level: StateLogLevel) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
