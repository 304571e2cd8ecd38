import MesosProtocol

/// The offers of one agent for one role: all that one ACCEPT can use.
struct OfferGroup: Sendable {
    let agent: MesosAgentID
    let role: String
    let hostname: String
    /// Whether the agent goes down soon.
    let isLeaving: Bool
    private let offers: [MesosOfferID]
    private let stock: ResourceStock
    /// What all of them together offer.
    let amounts: Amounts

    private init(_ offers: [MesosOffer], role: String, maintenanceBefore: Moment) {
        agent = offers[0].agentID
        self.role = role
        hostname = offers[0].hostname
        isLeaving = offers.contains { offer in
            offer.hasUnavailability && offer.unavailability.start.nanoseconds / 1_000_000 < maintenanceBefore
        }
        self.offers = offers.map(\.id)
        stock = ResourceStock(offers: offers, role: role)
        amounts = stock.amounts
    }

    /// Offers with ids of their own in groups: those of agents that stay come first, then by agent and role.
    static func groups(of offers: [MesosOffer], maintenanceBefore: Moment) -> [OfferGroup] {
        struct Key: Hashable, Comparable {
            let agent: String
            let role: String

            static func < (left: Key, right: Key) -> Bool {
                (left.agent, left.role) < (right.agent, right.role)
            }
        }
        let byKey = Dictionary(grouping: offers) { Key(agent: $0.agentID.value, role: $0.allocationInfo.role) }
        let groups = byKey.sorted { $0.key < $1.key }.map { key, offers in
            OfferGroup(offers, role: key.role, maintenanceBefore: maintenanceBefore)
        }
        return groups.filter { !$0.isLeaving } + groups.filter(\.isLeaving)
    }

    /// The ACCEPT for containers that fit all together.
    func launch(_ needs: [ContainerNeed]) -> Launch {
        var stock = stock
        let placements = needs.map { need in
            let taken = stock.take(need)
            return Placement(
                container: need.container,
                agent: agent,
                hostname: hostname,
                resources: taken.resources,
                ports: taken.ports
            )
        }
        let used = stock.used.sorted().map { offers[$0] }
        return Launch(offers: used.isEmpty ? [offers[0]] : used, placements: placements)
    }
}
