import MesosProtocol

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
    /// Those that something is taken from.
    public var offers: [MesosOfferID]
    /// In the order of their containers.
    public var placements: [Placement]

    public init(offers: [MesosOfferID], placements: [Placement]) {
        self.offers = offers
        self.placements = placements
    }
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
