import HeronJSON
import PluginHost

/// What `GET /status` of a scheduler service answers, as JSON.
public struct SchedulerStatus: Codable, Sendable, Hashable {
    /// One container as the scheduler sees it.
    public struct Container: Codable, Sendable, Hashable {
        public var id: Int32
        /// `pending`, `running`, `backing-off`, `stopping` or `stopped`.
        public var state: String
        /// How often it was started, from 1.
        public var attempt: UInt32
        /// The process id of its executor, if it runs and is known.
        public var pid: Int32?
        public var host: String?
        /// Its ports by Heron's symbolic names.
        public var ports: [String: UInt16]?
        /// Why it is in this state, if there is something to say.
        public var reason: String?
        /// What else the scheduler tells, in its order; nil if nothing.
        public var details: [ContainerDetail]?

        init(_ status: ContainerStatus) {
            id = status.container
            state = status.state.name
            attempt = status.attempt
            pid = status.processID > 0 ? status.processID : nil
            host = status.host.isEmpty ? nil : status.host
            reason = status.reason.isEmpty ? nil : status.reason
            details = status.details.isEmpty ? nil : status.details
            ports = status.ports.map { ports in
                Dictionary(zip(ContainerPorts.names, ports.values), uniquingKeysWith: { first, _ in first })
            }
        }
    }

    public var topology: String
    public var topologyID: String
    /// `starting`, `running` or `ending`.
    public var phase: String
    public var jobLinks: [String]
    /// What the scheduler's plugin tells of itself: an object whose members are its own; nil if nothing.
    public var scheduler: JSONValue?
    public var containers: [Container]

    enum CodingKeys: String, CodingKey {
        case topology
        case topologyID = "topology_id"
        case phase
        case jobLinks = "job_links"
        case scheduler
        case containers
    }
}

extension ContainerStatus.State {
    /// The state's name in `/status` and in the output of `heron status`.
    public var name: String {
        switch self {
        case .pending: "pending"
        case .running: "running"
        case .backingOff: "backing-off"
        case .stopping: "stopping"
        case .stopped: "stopped"
        }
    }
}
