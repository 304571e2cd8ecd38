import HeronConfig
import HeronState
import Logging
import PluginHost

/// What the host offers to an operation of a plugin that works on a cluster: its configuration, and nothing of any
/// topology.
public struct ClusterServices: ConfiguredServices {
    public let config: Config
    public let logger: Logger
    public let facts: RuntimeFacts
    /// What works on a cluster does not need to know what runs there.
    public var state: (any StateManager)? { nil }
    private let layers: ConfigLayers

    /// - Parameters:
    ///   - layers: the cluster's configuration.
    ///   - place: where in the cluster the user works.
    ///   - submitUser: the user's login name.
    /// Throws `ConfigError` for values that cannot be expanded.
    public init(
        _ layers: ConfigLayers,
        place: ClusterRoleEnviron,
        submitUser: String,
        heronHome: String,
        log: Logger
    ) throws {
        self.layers = layers
        config = try layers.local()
        logger = log
        facts = RuntimeFacts(
            topologyName: "",
            topologyID: "",
            cluster: place.cluster,
            role: place.role,
            environ: place.environ,
            submitUser: submitUser,
            heronHome: heronHome
        )
    }

    public func expandTokens(_ text: String) throws -> String {
        let key = Config.Key<String>("heron.plugin.default")
        var copy: ConfigLayers = layers
        copy.set(key, .string(text), .builtIn)
        return try copy.local().string(key)
    }

    public func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String] {
        throw SchedulingError("an operation on a cluster has no containers")
    }

    public func containerChanged(_ status: ContainerStatus) async {}

    public func addToCounter(_ name: String, _ amount: UInt64) {}

    public func setGauge(_ name: String, _ value: Double) {}

    public func requestShutdown(failed: Bool, reason: String) {}
}
