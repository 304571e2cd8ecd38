import ArgumentParser
import HeronState
import Logging
import RuntimeConfig
import StateLogging

/// The options that stream manager and topology manager share, as Heron's executor gives them.
public struct ManagerOptions: ParsableArguments {
    @Option(name: .customLong("topology_name"), help: "The topology's name.")
    public var topologyName: String

    @Option(name: .customLong("topology_id"), help: "The topology's id.")
    public var topologyID: String

    @Option(name: .customLong("zkhostportlist"), help: "ZooKeeper's host:port list; LOCALMODE for local files.")
    public var stateConnection = "LOCALMODE"

    @Option(name: .customLong("zkroot"), help: "The root of the state.")
    public var stateRoot: String

    @Option(name: .customLong("myhost"), help: "The name under which others reach this machine.")
    public var host: String

    @Option(name: .customLong("config_file"), help: "heron_internals.yaml.")
    public var configFile: String

    @Option(name: .customLong("override_config_file"), help: "A file whose values override those of the former.")
    public var overrideFile: String?

    @Option(name: .customLong("metricsmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    public var metricsManagerPort: Int?

    @Option(name: .customLong("ckptmgr_port"), help: "Accepted as Heron's executor gives it; not used yet.")
    public var checkpointManagerPort: Int?

    public init() {}

    /// The settings of the runtime's processes. Throws `RuntimeConfigError`.
    public func config() throws -> RuntimeConfig {
        try RuntimeConfig(internalsFile: configFile, overrideFile: overrideFile)
    }

    /// Works with the topology's state, opened with the credentials that lie in the working directory, and closes it.
    /// Throws `StateError`, and what the work throws.
    public func withState(log: Logger, _ work: (any StateManager) async throws -> Void) async throws {
        var settings = StateSettings(connection: stateConnection, rootPath: stateRoot)
        settings.zooKeeper.credentialsSources = [.workingDirectory(".")]
        let state = try await openStateManager(settings, log: log)
        do {
            try await work(state)
        } catch {
            await state.close()
            throw error
        }
        await state.close()
    }
}
