import HeronModel

/// As few containers as it can: the largest instances first, each into the first container that has room for it.
///
/// `topology.stmgrs` is ignored; the number of containers comes out of the packing.
public struct FirstFitDecreasingPacking: PackingAlgorithm {
    public static let className = "org.apache.heron.packing.binpacking.FirstFitDecreasingPacking"

    private static let minimumInstanceCPU: Double = 0.1

    private let topologyID: String
    private let settings: TopologySettings
    private let limits: ContainerLimits

    public init(topology: Topology, settings: PackingSettings) throws {
        topologyID = topology.id
        self.settings = try TopologySettings(topology)
        limits = ContainerLimits(self.settings, instance: settings.instance)
    }

    public func pack(warn: (String) -> Void) throws -> PackingPlan {
        try limits.checkInstances(minimumCPU: FirstFitDecreasingPacking.minimumInstanceCPU)
        var containers: [OpenContainer] = []
        var nextTaskID = 1
        for entry in largestFirst {
            let needed: Resources = limits.requirement(of: entry.component)
            // A container without room for one instance of a component has none for the next either.
            var target = 0
            for index in 0..<entry.instances {
                while target < containers.count, !hasRoom(containers[target], for: needed) { target += 1 }
                if target == containers.count { containers.append(OpenContainer()) }
                containers[target].add(
                    PlacedInstance(component: entry.component, taskID: nextTaskID, index: index, resources: needed)
                )
                nextTaskID += 1
            }
        }
        return PackingPlan(id: topologyID, containers: containers, padding: limits.padding)
    }

    private func hasRoom(_ container: OpenContainer, for needed: Resources) -> Bool {
        container.instances.count < settings.maxInstancesPerContainer
            && limits.hasRoom(for: needed, besides: container.used)
    }

    /// The components by what their instances need, the most first; equals in Java's hash order.
    private var largestFirst: [ComponentParallelism] {
        let order: [ComponentParallelism] = settings.components.inJavaHashOrder()
        let byRAM: (ComponentParallelism) -> Int64 = { -limits.requirement(of: $0.component).ram }
        let byCPU: (ComponentParallelism) -> Double = { -limits.requirement(of: $0.component).cpu }
        return switch settings.sortingStrategy {
        case .ramFirst: order.stablySorted(by: byCPU).stablySorted(by: byRAM)
        case .cpuFirst: order.stablySorted(by: byRAM).stablySorted(by: byCPU)
        }
    }
}
