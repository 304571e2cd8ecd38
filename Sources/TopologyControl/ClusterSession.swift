import HeronConfig
import HeronState
import HeronYAML
import Logging
import SchedulerCore

/// A cluster as one command sees it: its configuration and its state.
public struct ClusterSession: Sendable {
    /// What the user named.
    public let address: TopologyAddress
    public let config: Config
    public let state: any StateManager
    /// The distribution, an absolute path.
    public let heronHome: String
    public let verbose: Bool
    let log: Logger
    private let layers: ConfigLayers

    /// Opens the state that a cluster's configuration names; close it when done.
    public static func open(
        _ address: TopologyAddress,
        layers: ConfigLayers,
        heronHome: String,
        verbose: Bool,
        log: Logger
    ) async throws -> ClusterSession {
        let config: Config = try layers.local()
        return ClusterSession(
            address: address,
            config: config,
            state: try await openClusterState(config, log: log),
            heronHome: heronHome,
            verbose: verbose,
            log: log,
            layers: layers
        )
    }

    /// The configuration as it is for a topology: with its name, role and environ.
    func config(of topology: RunningTopology) throws -> Config {
        try layers(of: topology).local()
    }

    private func layers(of topology: RunningTopology) -> ConfigLayers {
        var layers: ConfigLayers = layers
        layers.set(Config.Key<String>.topologyName, .string(topology.name), .topology)
        if let place = topology.place {
            layers.set(Config.Key<String>.role, .string(place.role), .topology)
            layers.set(Config.Key<String>.environ, .string(place.environ), .topology)
        }
        return layers
    }

    /// The scheduler of a topology inside this process, working where its service did.
    ///
    /// - Parameter ownConfiguration: whether with the configuration that the topology was submitted with; if that is
    ///   lost, the cluster's as it is now is the next best.
    func scheduler(
        of topology: RunningTopology,
        _ record: ServiceRecord,
        ownConfiguration: Bool = true
    ) -> InProcessScheduler {
        InProcessScheduler(
            cluster: topology.place?.cluster ?? address.cluster,
            topology: topology.name,
            record: record,
            heronHome: heronHome,
            state: state,
            log: log,
            configuration: ownConfiguration ? nil : layers(of: topology)
        )
    }
}
