import ArgumentParser
import Glibc
import HeronLogging
import Logging
import ManagerCommand
import Processes
import RuntimeProcess
import TopologyManagerCore

/// The executable `heron-tmanager`, with the options of Heron's.
@main
struct HeronTopologyManager: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-tmanager",
        abstract: "Manages one topology: registers its stream managers and gives them the physical plan."
    )

    @OptionGroup var manager: ManagerOptions

    @Option(name: .customLong("server_port"), help: "The port for stream managers; 0 for any.")
    var serverPort: Int

    @Option(name: .customLong("controller_port"), help: "The port for activate and deactivate; 0 for any.")
    var controllerPort: Int

    @Option(name: .customLong("stats_port"), help: "The port for statistics; 0 for any.")
    var statsPort: Int

    @Option(name: .customLong("metrics_sinks_yaml"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsSinksFile: String?

    static func main() async {
        await main(givenArguments())
    }

    func validate() throws {
        try checkPorts(["server_port": serverPort, "controller_port": controllerPort, "stats_port": statsPort])
    }

    func run() async throws {
        try HeronLogging.bootstrap(level: .info)
        let log = Logger(label: "heron-tmanager")
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let config = try manager.config()
        // Closing the state takes the location away at once.
        try await manager.withState(log: log) { state in
            let service = TopologyManagerService(options, settings: config.topologyManager, state: state, log: log)
            try await serve(until: signals, log: log) { try await service.run(on: $0) }
        }
    }

    private var options: TopologyManagerOptions {
        TopologyManagerOptions(
            topologyName: manager.topologyName,
            topologyID: manager.topologyID,
            host: manager.host,
            serverPort: serverPort,
            controllerPort: controllerPort,
            statsPort: statsPort
        )
    }
}
