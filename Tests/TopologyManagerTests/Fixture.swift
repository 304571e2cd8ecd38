import HeronModel

@testable import TopologyManagerCore

/// A topology of one spout and one bolt, by default with one instance of each in every container.
struct Fixture {
    var name = "Words"
    var id = "Words-1"
    var state = TopologyState.running

    var topology: Topology {
        var topology = Topology()
        topology.id = id
        topology.name = name
        topology.state = state
        var spout = Heron_Proto_Api_Spout()
        spout.comp.name = "word"
        spout.comp.config = TopologyConfig()
        var bolt = Heron_Proto_Api_Bolt()
        bolt.comp.name = "count"
        bolt.comp.config = TopologyConfig()
        topology.spouts = [spout]
        topology.bolts = [bolt]
        return topology
    }

    /// A packing plan with the containers 1 to `containers`.
    func packingPlan(containers: Int32) -> PackingPlan {
        var plan = PackingPlan()
        plan.id = id
        plan.containerPlans = (1...containers).map { container in
            var containerPlan = ContainerPlan()
            containerPlan.id = container
            containerPlan.requiredResource = resource
            containerPlan.instancePlans = ["word", "count"].enumerated().map { index, component in
                var instance = InstancePlan()
                instance.componentName = component
                instance.taskID = 2 * container - 1 + Int32(index)
                instance.componentIndex = container - 1
                instance.resource = resource
                return instance
            }
            return containerPlan
        }
        return plan
    }

    /// What the stream manager of a container sends to register.
    func registration(container: Int32, pid: Int32 = 100, host: String = "host") -> StMgrRegisterRequest {
        var request = StMgrRegisterRequest()
        request.stmgr.id = "stmgr-\(container)"
        request.stmgr.hostName = host
        request.stmgr.dataPort = 9000 + container
        request.stmgr.localEndpoint = "/unused"
        request.stmgr.pid = pid
        request.instances = ["word", "count"].enumerated().map { index, component in
            let task = 2 * container - 1 + Int32(index)
            var instance = Instance()
            instance.instanceID = "container_\(container)_\(component)_\(task)"
            instance.stmgrID = "stmgr-\(container)"
            instance.info.taskID = task
            instance.info.componentIndex = container - 1
            instance.info.componentName = component
            return instance
        }
        return request
    }

    private var resource: Resource {
        var resource = Resource()
        resource.cpu = 1
        resource.ram = 1 << 30
        resource.disk = 1 << 30
        return resource
    }
}
