/// How a master behaves; what Mesos's flags of the same names say.
public struct MasterSettings: Sendable {
    /// Between two heartbeats of a stream, in seconds; announced in SUBSCRIBED. A constant of 15 in Mesos.
    public var heartbeatInterval = 15.0
    /// Between two rounds of offers, in seconds (`--allocation_interval`).
    public var allocationInterval = 1.0
    /// After how many seconds an offer is rescinded (`--offer_timeout`); nil for never.
    public var offerTimeout: Double?
    /// For how many seconds a disconnected agent may be away until it is unreachable: `--agent_ping_timeout` times
    /// `--max_agent_ping_timeouts`.
    public var agentTimeout = 75.0
    /// How long a restarted master waits for agents of its registry, in seconds (`--agent_reregister_timeout`).
    public var agentReregisterTimeout = 600.0
    /// The only roles that frameworks may have (`--roles`); nil for any.
    public var roles: [String]?
    /// How many removed frameworks are remembered (`--max_completed_frameworks`).
    public var maximumCompletedFrameworks = 50
    /// How many ended tasks of a framework are remembered (`--max_completed_tasks_per_framework`).
    public var maximumCompletedTasks = 1000

    public init() {}
}

/// What a master has said to be, in all its answers.
enum MesosVersion {
    static let version = "1.12.0"
    static let agentCapabilities = [
        "MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT", "RESOURCE_PROVIDER", "RESIZE_VOLUME",
        "AGENT_OPERATION_FEEDBACK", "AGENT_DRAINING", "TASK_RESOURCE_LIMITS",
    ]
}
