import HeronConfig
import HeronModel

/// The command that starts `heron-executor` in containers, as Heron 0.20.5's schedulers build it.
///
/// Paths are those of the container: `config` must be in cluster mode. Schedulers that start the program themselves pass
/// ``arguments(container:ports:)`` one by one; those that give a shell a line join them with single spaces, which Heron's encoding of JVM
/// options allows for.
public struct ExecutorCommand: Sendable, Hashable {
    /// The executor's path, relative to the container's working directory unless configured otherwise.
    public let executable: String
    /// What comes before the container and its ports.
    private let common: [String]

    /// The command for all containers of a topology.
    ///
    /// - Parameters:
    ///   - config: The configuration in cluster mode, with the topology's place (cluster, role, environ).
    ///   - topology: The topology, for its name, id and settings.
    ///   - plan: The packing plan, for the RAM of each component. It must have instances.
    ///   - binaryFile: The name of the topology's file in its package, without a folder.
    ///
    /// Throws ``ConfigError`` for a key that is missing or of the wrong type, or a file of unknown type, and
    /// ``ExecutorCommandError`` for a plan without instances.
    public init(config: Config, topology: Topology, plan: PackingPlan, binaryFile: String) throws {
        let parts = ExecutorArguments(config: config, settings: TopologySettings(topology), binaryFile: binaryFile)
        executable = try config.string(.executorBinary)
        common =
            try parts.topologyAndState(topology) + parts.processes(componentRAM: ComponentRAM.text(plan))
            + parts.placeAndClasspaths() + parts.daemons()
    }

    /// Everything after the executable for one container.
    ///
    /// - Parameter container: 0 for the control container, else a container plan's id; nil if the scheduler adds
    ///   `--shard` itself.
    public func arguments(container: Int?, ports: ExecutorPorts) -> [String] {
        common + (container.map { ["--shard=\($0)"] } ?? []) + ports.arguments
    }
}
