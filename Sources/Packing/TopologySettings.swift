import HeronModel

/// What a topology guarantees about the delivery of tuples (`topology.reliability.mode`).
public enum ReliabilityMode: String, Sendable, CaseIterable {
    case atMostOnce = "ATMOST_ONCE"
    case atLeastOnce = "ATLEAST_ONCE"
    case effectivelyOnce = "EFFECTIVELY_ONCE"
}

/// Which resource decides the order in which ``FirstFitDecreasingPacking`` places components.
public enum SortingStrategy: String, Sendable, CaseIterable {
    case ramFirst = "RAM_FIRST"
    case cpuFirst = "CPU_FIRST"
}

/// A spout or bolt and how many instances of it are to run.
public struct ComponentParallelism: Hashable, Sendable {
    /// The component's name.
    public let component: String
    /// Its instances, at least one.
    public let instances: Int
}

/// A topology's settings as far as packing needs them, typed and checked.
///
/// Bytes and cores are bounded (16 TiB, a million cores), and so is the number of instances (100 000), so that no sum
/// of them overflows. Optional values are nil where the topology leaves the choice to the algorithm.
public struct TopologySettings: Sendable {
    /// The components in the order of the definition: spouts, then bolts.
    public let components: [ComponentParallelism]
    /// Containers without container 0 (`topology.stmgrs`, 1).
    public let containers: Int
    /// What is guaranteed about delivery.
    public let reliabilityMode: ReliabilityMode

    /// Cores of each instance, by component.
    public let componentCPU: [String: Double]
    /// Bytes of RAM of each instance, by component.
    public let componentRAM: [String: Int64]
    /// Bytes of disk of each instance, by component.
    public let componentDisk: [String: Int64]

    /// Cores that a container shall have.
    public let containerCPU: Double?
    /// Bytes of RAM that a container shall have.
    public let containerRAM: Int64?
    /// Bytes of disk that a container shall have.
    public let containerDisk: Int64?

    /// Cores of a container that are not for instances.
    public let cpuPadding: Double?
    /// Bytes of RAM of a container that are not for instances.
    public let ramPadding: Int64?
    /// Percent of a container's capacity that are not for instances (10).
    public let paddingPercentage: Int
    /// Instances that a container may have (10).
    public let maxInstancesPerContainer: Int
    /// The order of ``FirstFitDecreasingPacking``.
    public let sortingStrategy: SortingStrategy

    /// Bytes of RAM of a container's stream manager.
    public let streamManagerRAM: Int64
    /// Bytes of RAM of a container's metrics manager.
    public let metricsManagerRAM: Int64
    /// Bytes of RAM of a container's checkpoint manager, 0 if none was asked for and none is needed.
    public let checkpointManagerRAM: Int64

    /// All instances of all components.
    public var instanceCount: Int { components.reduce(0) { $0 + $1.instances } }

    /// Reads and checks the settings. Throws ``PackingError`` for the first that is missing, malformed or out of range.
    public init(_ topology: Topology) throws {
        components = try TopologySettings.components(of: topology)
        let names: Set<String> = Set(components.map(\.component))
        let reader = SettingsReader(topology.topologyConfig, owner: "topology \(quoted(topology.name))")

        containers = try reader.integer(TopologyKey.containers, in: SettingRange.containers) ?? 1
        reliabilityMode = try reader.choice(TopologyKey.reliabilityMode) ?? .atMostOnce
        componentCPU = try reader.coresByComponent(TopologyKey.componentCPU, components: names)
        componentRAM = try reader.bytesByComponent(TopologyKey.componentRAM, components: names)
        componentDisk = try reader.bytesByComponent(TopologyKey.componentDisk, components: names)
        containerCPU = try reader.cores(TopologyKey.containerCPU)
        containerRAM = try reader.bytes(TopologyKey.containerRAM)
        containerDisk = try reader.bytes(TopologyKey.containerDisk)
        cpuPadding = try reader.cores(TopologyKey.cpuPadding)
        ramPadding = try reader.bytes(TopologyKey.ramPadding)
        paddingPercentage = try reader.integer(TopologyKey.paddingPercentage, in: SettingRange.percentage) ?? 10
        maxInstancesPerContainer = try reader.integer(TopologyKey.maxInstances, in: SettingRange.instances) ?? 10
        sortingStrategy = try reader.choice(TopologyKey.sortingStrategy) ?? .ramFirst
        streamManagerRAM = try reader.bytes(TopologyKey.streamManagerRAM) ?? 1 << 30
        metricsManagerRAM = try reader.bytes(TopologyKey.metricsManagerRAM) ?? 1 << 30
        checkpointManagerRAM =
            try reader.bytes(TopologyKey.checkpointManagerRAM) ?? (reliabilityMode == .effectivelyOnce ? 1 << 30 : 0)
    }

    private static func components(of topology: Topology) throws -> [ComponentParallelism] {
        let components: [ComponentParallelism] = try topology.components.map {
            ComponentParallelism(component: $0.name, instances: try parallelism(of: $0))
        }
        guard !components.isEmpty else { throw PackingError.noComponents }
        let count: Int = components.reduce(0) { $0 + $1.instances }
        guard count <= SettingRange.instances.upperBound else {
            throw PackingError.tooManyInstances(count: count, maximum: SettingRange.instances.upperBound)
        }
        return components
    }

    /// How many instances a component wants. Throws ``PackingError`` if it does not say, or says it badly.
    static func parallelism(of component: Component) throws -> Int {
        let reader = SettingsReader(component.config, owner: "component \(quoted(component.name))")
        guard let instances = try reader.integer(TopologyKey.parallelism, in: SettingRange.instances) else {
            throw PackingError.missingParallelism(component: component.name)
        }
        return instances
    }
}

extension Topology {
    /// Spouts, then bolts.
    var components: [Component] { spouts.map(\.comp) + bolts.map(\.comp) }
}
