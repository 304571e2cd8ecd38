import ArgumentParser
import Glibc
import HeronLogging
import HeronState
import Logging
import NIOPosix
import Processes
import RuntimeConfig
import TopologyManagerCore

/// The executable `heron-tmanager`, with the options of Heron's.
@main
struct HeronTopologyManager: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-tmanager",
        abstract: "Manages one topology: registers its stream managers and gives them the physical plan."
    )

    @Option(name: .customLong("topology_name"), help: "The topology's name.")
    var topologyName: String

    @Option(name: .customLong("topology_id"), help: "The topology's id.")
    var topologyID: String

    @Option(name: .customLong("zkhostportlist"), help: "ZooKeeper's host:port list; LOCALMODE for local files.")
    var stateConnection = "LOCALMODE"

    @Option(name: .customLong("zkroot"), help: "The root of the state.")
    var stateRoot: String

    @Option(name: .customLong("myhost"), help: "The name under which others reach this machine.")
    var host: String

    @Option(name: .customLong("server_port"), help: "The port for stream managers; 0 for any.")
    var serverPort: Int

    @Option(name: .customLong("controller_port"), help: "The port for activate and deactivate; 0 for any.")
    var controllerPort: Int

    @Option(name: .customLong("stats_port"), help: "The port for statistics; 0 for any.")
    var statsPort: Int

    @Option(name: .customLong("config_file"), help: "heron_internals.yaml.")
    var configFile: String

    @Option(name: .customLong("override_config_file"), help: "A file whose values override those of the former.")
    var overrideFile: String?

    @Option(name: .customLong("metrics_sinks_yaml"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsSinksFile: String?

    @Option(name: .customLong("metricsmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsManagerPort: Int?

    @Option(name: .customLong("ckptmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    var checkpointManagerPort: Int?

    /// An option with nothing behind its `=` (`--zkhostportlist=`), which Heron's executor may give, means its default.
    static func main() async {
        await main(
            CommandLine.arguments.dropFirst().filter {
                !($0.hasPrefix("--") && $0.firstIndex(of: "=") == $0.indices.last)
            }
        )
    }

    func validate() throws {
        let ports = [("server_port", serverPort), ("controller_port", controllerPort), ("stats_port", statsPort)]
        for (name, port) in ports where !(0...65535).contains(port) {
            throw ValidationError("--\(name) \(port) is not a port (0 to 65535)")
        }
    }

    func run() async throws {
        try HeronLogging.bootstrap(level: .info)
        let log = Logger(label: "heron-tmanager")
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let config = try RuntimeConfig(internalsFile: configFile, overrideFile: overrideFile)
        var stateSettings = StateSettings(connection: stateConnection, rootPath: stateRoot)
        stateSettings.zooKeeper.credentialsSources = [.workingDirectory(".")]
        let state = try await openStateManager(stateSettings) { level, message in
            log.log(level: Logger.Level(level), "\(message)")
        }
        let service = TopologyManagerService(options, settings: config.topologyManager, state: state, log: log)
        let result = await run(service, until: signals, log)
        // Closing the state takes the location away at once.
        await state.close()
        try result.get()
    }

    private var options: TopologyManagerOptions {
        TopologyManagerOptions(
            topologyName: topologyName,
            topologyID: topologyID,
            host: host,
            serverPort: serverPort,
            controllerPort: controllerPort,
            statsPort: statsPort
        )
    }

    /// Runs the service until it fails or a signal comes.
    private func run(
        _ service: TopologyManagerService,
        until signals: AsyncStream<Int32>,
        _ log: Logger
    ) async -> Result<Void, any Error> {
        let work = Task {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            try await service.run(on: group)
            try await group.shutdownGracefully()
        }
        let watch = Task {
            for await signal in signals {
                log.notice("stopping: \(signalName(signal))")
                work.cancel()
            }
        }
        defer { watch.cancel() }
        let result = await work.result
        return work.isCancelled ? .success(()) : result
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
