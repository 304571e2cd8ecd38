/// The nine ports of one container, in the order of Heron's executor options.
public struct ContainerPorts: Sendable, Hashable {
    /// The ports in the order of ``names``.
    public let values: [UInt16]

    /// How many ports every container has.
    public static let count = 9

    /// Heron's symbolic names of the ports, in order.
    public static let names = [
        "server", "tmanager-ctl", "tmanager-stats", "shell-port", "metrics-mgr", "scheduler", "metrics-cache-m",
        "metrics-cache-s", "ckptmgr",
    ]

    /// Nil unless there are exactly nine ports and none is 0.
    public init?(_ values: [UInt16]) {
        guard values.count == ContainerPorts.count, !values.contains(0) else { return nil }
        self.values = values
    }

    public var server: UInt16 { values[0] }
    public var tmanagerController: UInt16 { values[1] }
    public var tmanagerStats: UInt16 { values[2] }
    public var shell: UInt16 { values[3] }
    public var metricsManager: UInt16 { values[4] }
    public var scheduler: UInt16 { values[5] }
    public var metricsCacheServer: UInt16 { values[6] }
    public var metricsCacheStats: UInt16 { values[7] }
    public var checkpointManager: UInt16 { values[8] }
}

/// Something to know about a container that no other member of its status has room for.
public struct ContainerDetail: Sendable, Hashable, Codable {
    /// What it is, for people, such as "agent".
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What a scheduler says about one of its containers.
public struct ContainerStatus: Sendable, Hashable {
    /// Where a container stands.
    public enum State: Int32, Sendable, CaseIterable {
        /// It has no place to run yet.
        case pending = 1
        /// Its executor runs.
        case running = 2
        /// Its executor ended and is started again after a pause.
        case backingOff = 3
        /// Its executor was told to end.
        case stopping = 4
        /// It ended for good.
        case stopped = 5
    }

    /// Container 0 is the one of the topology manager.
    public var container: Int32
    public var state: State
    /// Counts the starts of this container, from 1; 0 before the first.
    public var attempt: UInt32
    /// The process id of the executor, or 0 if it does not run or is not known.
    public var processID: Int32
    /// The machine it runs on; empty if it runs nowhere.
    public var host: String
    /// The ports it was given; nil if it has none.
    public var ports: ContainerPorts?
    /// Why it is in this state, as one line; may be empty.
    public var reason: String
    /// What else there is to know, in the order in which it is to be shown.
    public var details: [ContainerDetail]

    public init(
        container: Int32,
        state: State,
        attempt: UInt32,
        processID: Int32 = 0,
        host: String = "",
        ports: ContainerPorts? = nil,
        reason: String = "",
        details: [ContainerDetail] = []
    ) {
        self.container = container
        self.state = state
        self.attempt = attempt
        self.processID = processID
        self.host = host
        self.ports = ports
        self.reason = reason
        self.details = details
    }
}
