import MesosProtocol

/// What one container needs from an agent.
public struct ContainerNeed: Sendable, Hashable {
    public var container: Int32
    /// In thousandths of a cpu.
    public var milliCPUs: Int64
    /// In thousandths of a megabyte.
    public var milliMemory: Int64
    /// In thousandths of a megabyte.
    public var milliDisk: Int64
    public var portCount: Int

    public init(container: Int32, milliCPUs: Int64, milliMemory: Int64, milliDisk: Int64, portCount: Int) {
        self.container = container
        self.milliCPUs = milliCPUs
        self.milliMemory = milliMemory
        self.milliDisk = milliDisk
        self.portCount = portCount
    }
}

/// A container's place: what is taken from which offers.
public struct Placement: Sendable, Hashable {
    public var container: Int32
    public var agent: MesosAgentID
    public var hostname: String
    /// Copies of the offered resources with smaller quantities.
    public var resources: [MesosResource]
    /// In ascending order.
    public var ports: [UInt16]

    public init(
        container: Int32,
        agent: MesosAgentID,
        hostname: String,
        resources: [MesosResource],
        ports: [UInt16]
    ) {
        self.container = container
        self.agent = agent
        self.hostname = hostname
        self.resources = resources
        self.ports = ports
    }
}

/// Offers of one agent for one role, used together in one ACCEPT, and what is placed on them.
public struct Launch: Sendable, Hashable {
    public var offers: [MesosOfferID]
    public var placements: [Placement]

    public init(offers: [MesosOfferID], placements: [Placement]) {
        self.offers = offers
        self.placements = placements
    }
}

/// Why an agent's offers were not used for a container.
public enum Unused: Sendable, Hashable {
    /// `resource` is "cpus", "mem", "disk" or "ports"; amounts in the resource's unit.
    case lacks(resource: String, wanted: String, offered: String)
    /// The container keeps failing on that agent.
    case avoided
    /// The agent goes down for maintenance.
    case maintenance
    /// The resources fit, but went to another container.
    case takenByOthers
}

/// Which containers go where, and why the others do not.
public struct Match: Sendable, Hashable {
    public var launches: [Launch]
    /// Offers with nothing placed on them: to be declined.
    public var unused: [MesosOfferID]
    /// For each container without a place: why not, for each agent that was offered (keyed by agent id's value).
    public var reasons: [Int32: [String: Unused]]

    public init(launches: [Launch], unused: [MesosOfferID], reasons: [Int32: [String: Unused]]) {
        self.launches = launches
        self.unused = unused
        self.reasons = reasons
    }
}
