import HeronModel

/// An instance that has found its container.
struct PlacedInstance {
    let component: String
    /// Unique in the topology, from 1 on.
    let taskID: Int
    /// Counts the instances of a component, from 0 on.
    let index: Int
    var resources: Resources
}

/// A container with its instances and the resources it needs.
struct PlannedContainer {
    /// From 1 on; container 0 belongs to the topology manager and is in no plan.
    let id: Int
    let instances: [PlacedInstance]
    let required: Resources
}

extension PackingPlan {
    /// - Parameters:
    ///   - id: the topology's id, which is the plan's too.
    ///   - containers: by id, each with its instances by task id.
    init(id: String, containers: [PlannedContainer]) {
        self.init()
        self.id = id
        containerPlans = containers.map { container in
            ContainerPlan.with {
                $0.id = Int32(container.id)
                $0.instancePlans = container.instances.map(\.message)
                $0.requiredResource = container.required.message
            }
        }
    }
}

extension PlacedInstance {
    fileprivate var message: InstancePlan {
        InstancePlan.with {
            $0.componentName = component
            $0.taskID = Int32(taskID)
            $0.componentIndex = Int32(index)
            $0.resource = resources.message
        }
    }
}
