import HeronModel

/// Messages of Heron's as a plugin gets them.
enum Messages {
    /// A topology with a spout in one container and a bolt in another.
    static func packingPlan(_ topology: String, containers: Int32 = 2) -> [UInt8] {
        bytes(plan(topology, containers: containers))
    }

    static func kill(_ topology: String) -> [UInt8] {
        bytes(Heron_Proto_Scheduler_KillTopologyRequest.with { $0.topologyName = topology })
    }

    /// - Parameter container: -1 for all.
    static func restart(_ topology: String, _ container: Int32) -> [UInt8] {
        bytes(
            Heron_Proto_Scheduler_RestartTopologyRequest.with {
                $0.topologyName = topology
                $0.containerIndex = container
            }
        )
    }

    /// From two containers to three.
    static func update(_ topology: String) -> [UInt8] {
        bytes(
            Heron_Proto_Scheduler_UpdateTopologyRequest.with {
                $0.currentPackingPlan = plan(topology, containers: 2)
                $0.proposedPackingPlan = plan(topology, containers: 3)
            }
        )
    }

    /// The message that a function expects, such as `on_kill`.
    static func good(_ function: String, _ topology: String) -> [UInt8] {
        switch function {
        case "on_kill": kill(topology)
        case "on_restart": restart(topology, 1)
        case "on_update": update(topology)
        default: packingPlan(topology)
        }
    }

    private static func plan(_ topology: String, containers: Int32) -> PackingPlan {
        PackingPlan.with { plan in
            plan.id = "\(topology)-1"
            plan.containerPlans = (1...containers).map { number in
                ContainerPlan.with { container in
                    container.id = number
                    container.requiredResource = resource
                    container.instancePlans = [
                        InstancePlan.with { instance in
                            instance.componentName = number == 1 ? "word" : "consumer"
                            instance.taskID = number
                            instance.componentIndex = 0
                            instance.resource = resource
                        }
                    ]
                }
            }
        }
    }

    private static let resource = Resource.with { resource in
        resource.cpu = 0.1
        resource.ram = 64 << 20
        resource.disk = 64 << 20
    }

    /// No required field is missing, which is all that could fail.
    private static func bytes(_ message: some SwiftProtobuf.Message) -> [UInt8] {
        (try? message.serializedBytes()) ?? []
    }
}
