import ArgumentParser
import Files
import Glibc
import HeronLogging
import HeronModel
import Logging
import ManagerCommand
import Processes
import RuntimeConfig
import RuntimeProcess
import StreamManagerCore

/// The executable `heron-stmgr`, with the options of Heron's.
@main
struct HeronStreamManager: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-stmgr",
        abstract: "Moves the tuples of one container's instances among them and to other containers."
    )

    @OptionGroup var manager: ManagerOptions

    @Option(name: .customLong("topologydefn_file"), help: "The topology's definition file.")
    var definitionFile: String

    @Option(name: .customLong("stmgr_id"), help: "This stream manager's id: stmgr-<container>.")
    var id: String

    @Option(name: .customLong("instance_ids"), help: "The ids of the container's instances, separated by commas.")
    var instanceIDs: String

    @Option(name: .customLong("data_port"), help: "The port for other stream managers; 0 for any.")
    var dataPort: Int

    @Option(name: .customLong("local_data_port"), help: "The port for the container's instances; 0 for any.")
    var localDataPort: Int

    @Option(name: .customLong("shell_port"), help: "The port of the container's heron-shell.")
    var shellPort: Int

    @Option(name: .customLong("ckptmgr_id"), help: "Accepted as Heron's executor gives it; not used yet.")
    var checkpointManagerID: String?

    @Option(name: .customLong("metricscachemgr_mode"), help: "Accepted as Heron's executor gives it; not used yet.")
    var metricsCacheMode: String?

    static func main() async {
        await main(givenArguments())
    }

    func validate() throws {
        try checkPorts(["data_port": dataPort, "local_data_port": localDataPort, "shell_port": shellPort])
    }

    func run() async throws {
        try HeronLogging.bootstrap(level: .info)
        let log = Logger(label: "heron-stmgr")
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let config = try manager.config()
        let definition = try readDefinition()
        try await manager.withState(log: log) { state in
            let service = StreamManagerService(
                options: options(config.streamManager),
                definition: definition,
                state: state,
                logger: log
            )
            try await serve(until: signals, log: log) { try await service.run(on: $0) }
        }
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
            topologyName: manager.topologyName,
            topologyID: manager.topologyID,
            instanceIDs: instanceIDs.split(separator: ",").map(String.init),
            host: manager.host,
            dataPort: dataPort,
            localDataPort: localDataPort,
            shellPort: shellPort,
            tuning: StreamManagerTuning(settings)
        )
    }
}
