import HeronModel

/// Deals instances out as ``RoundRobinPacking`` does, but gives each exactly what it asks for and no container more
/// than it can hold: where one would overflow, there is one container more and the dealing starts again.
public struct ResourceCompliantRRPacking: PackingAlgorithm {
    public static let className = "org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking"

    private let topologyID: String
    private let settings: TopologySettings
    private let limits: ContainerLimits

    public init(topology: Topology, settings: PackingSettings) throws {
        topologyID = topology.id
        self.settings = try TopologySettings(topology)
        limits = ContainerLimits(self.settings, instance: settings.instance)
    }

    public func pack(warn: (String) -> Void) throws -> PackingPlan {
        try limits.checkInstances()
        let instances: Int = settings.instanceCount
        if settings.containers > instances {
            warn(
                "\(TopologyKey.containers) asks for \(settings.containers) containers; \(instances) are used, "
                    + "one for each instance"
            )
        }
        var count: Int = min(settings.containers, instances)
        // Ends at the latest with one instance in each container: each fits alone.
        while true {
            if let containers = deal(into: count) {
                return PackingPlan(id: topologyID, containers: containers, padding: limits.padding)
            }
            count += 1
        }
    }

    /// Deals the instances out to so many containers; nil if one of them overflows.
    private func deal(into count: Int) -> [OpenContainer]? {
        var containers: [OpenContainer] = Array(repeating: OpenContainer(), count: count)
        var dealt = 0
        for entry in settings.components.inJavaHashOrder() {
            let needed: Resources = limits.requirement(of: entry.component)
            for index in 0..<entry.instances {
                let target: Int = dealt % count
                guard limits.hasRoom(for: needed, besides: containers[target].used) else { return nil }
                containers[target].add(
                    PlacedInstance(component: entry.component, taskID: dealt + 1, index: index, resources: needed)
                )
                dealt += 1
            }
        }
        return containers
    }
}
