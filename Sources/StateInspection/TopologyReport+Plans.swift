import HeronModel

extension TopologyReport {
    /// From the packing plan.
    public struct Packing: Encodable, Sendable, Hashable {
        public struct Amounts: Encodable, Sendable, Hashable {
            /// Cores.
            public let cpu: Double
            /// In bytes.
            public let ram: Int64
            /// In bytes.
            public let disk: Int64

            init(_ resource: Resource) {
                cpu = resource.cpu
                ram = resource.ram
                disk = resource.disk
            }
        }

        public struct Container: Encodable, Sendable, Hashable {
            public let id: Int32
            /// How many instances of each component it has.
            public let instances: [String: Int]
            public let required: Amounts
            /// What the scheduler has allotted, if it has said so.
            public let scheduled: Amounts?
        }

        public let id: String
        public let containers: [Container]

        init(_ plan: PackingPlan) {
            id = plan.id
            containers = plan.containerPlans.map { container in
                Container(
                    id: container.id,
                    instances: container.instancePlans.reduce(into: [:]) { $0[$1.componentName, default: 0] += 1 },
                    required: Amounts(container.requiredResource),
                    scheduled: container.hasScheduledResource ? Amounts(container.scheduledResource) : nil
                )
            }
        }
    }

    /// From the physical plan.
    public struct Physical: Encodable, Sendable, Hashable {
        public struct StreamManager: Encodable, Sendable, Hashable {
            public let id: String
            public let host: String
            /// For other stream managers.
            public let port: Int32
            public let pid: Int32?
            public let instances: Int
        }

        /// The running state: `RUNNING`, `PAUSED` or `KILLED`.
        public let state: String
        public let streamManagers: [StreamManager]

        enum CodingKeys: String, CodingKey {
            case state
            case streamManagers = "stream_managers"
        }

        init(_ plan: PhysicalPlan) {
            state = "\(plan.topology.state)".uppercased()
            let instances: [String: Int] = plan.instances.reduce(into: [:]) { $0[$1.stmgrID, default: 0] += 1 }
            streamManagers = plan.stmgrs.map { manager in
                StreamManager(
                    id: manager.id,
                    host: manager.hostName,
                    port: manager.dataPort,
                    pid: manager.hasPid ? manager.pid : nil,
                    instances: instances[manager.id] ?? 0
                )
            }
        }
    }
}
