import HeronModel

/// Makes the plan that instances get out of the plan that the topology manager sends.
///
/// The topology manager's plan carries a topology without the serialized spouts and bolts. Instances need those, and
/// find them in the definition file of the container; the plan's state and the configuration that was changed at run
/// time (keys that end in `:runtime`) are newer than the file and are kept.
enum PlanHydration {
    private static let runtimeSuffix = ":runtime"

    static func hydrate(_ plan: PhysicalPlan, with definition: Topology) -> PhysicalPlan {
        var topology = definition
        topology.state = plan.topology.state
        merge(plan.topology.topologyConfig, into: &topology.topologyConfig)
        let planned = components(of: plan.topology)
        for index in topology.spouts.indices {
            guard let component = planned[topology.spouts[index].comp.name] else { continue }
            merge(component.config, into: &topology.spouts[index].comp.config)
        }
        for index in topology.bolts.indices {
            guard let component = planned[topology.bolts[index].comp.name] else { continue }
            merge(component.config, into: &topology.bolts[index].comp.config)
        }
        var hydrated = plan
        hydrated.topology = topology
        return hydrated
    }

    private static func components(of topology: Topology) -> [String: Component] {
        let components = topology.spouts.map(\.comp) + topology.bolts.map(\.comp)
        return Dictionary(components.map { ($0.name, $0) }) { first, _ in first }
    }

    private static func merge(_ planned: TopologyConfig, into config: inout TopologyConfig) {
        for entry in planned.kvs where entry.key.hasSuffix(runtimeSuffix) {
            if let index = config.kvs.firstIndex(where: { $0.key == entry.key }) {
                config.kvs[index] = entry
            } else {
                config.kvs.append(entry)
            }
        }
    }
}
