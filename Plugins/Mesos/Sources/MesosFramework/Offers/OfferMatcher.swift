import MesosProtocol

/// Finds places for containers on offers: as many as first-fit-decreasing finds, spread over the agents.
///
/// The result depends on nothing but the arguments, and neither on the order of the needs nor on that of the offers,
/// as long as each has an id of its own. Of two needs of one container, or offers of one id, the first counts.
public struct OfferMatcher: Sendable {
    public init() {}

    /// - Parameters:
    ///   - running: How many of our containers each agent has, by agent id's value; none if it is not there.
    ///   - avoided: Whether a container is not to run on an agent.
    ///   - maintenanceBefore: Agents that become unavailable before this moment are used for what fits nowhere else.
    public func match(
        needs: [ContainerNeed],
        offers: [MesosOffer],
        running: [String: Int],
        avoided: (_ container: Int32, _ agent: String) -> Bool,
        maintenanceBefore: Moment
    ) -> Match {
        let offers = OfferMatcher.distinct(offers, by: \.id.value).sorted { $0.id.value < $1.id.value }
        let groups = OfferGroup.groups(of: offers, maintenanceBefore: maintenanceBefore)
        let needs = OfferMatcher.ordered(OfferMatcher.distinct(needs, by: \.container), groups)

        var plan = Assignment(groups: groups)
        for need in needs { plan.place(need, running: running, avoided: avoided) }
        if !plan.unplaced.isEmpty {
            var firstFit = Assignment(groups: groups)
            for need in needs { firstFit.place(need, running: nil, avoided: avoided) }
            if firstFit.unplaced.count < plan.unplaced.count { plan = firstFit }
        }

        let launches = plan.launches
        let used = Set(launches.flatMap(\.offers))
        return Match(
            launches: launches,
            unused: offers.map(\.id).filter { !used.contains($0) },
            reasons: OfferMatcher.reasons(plan.unplaced, groups, avoided)
        )
    }

    /// The first one for each key.
    private static func distinct<T, Key: Hashable>(_ elements: [T], by key: (T) -> Key) -> [T] {
        var known: Set<Key> = []
        return elements.filter { known.insert(key($0)).inserted }
    }

    /// The largest first, measured by the resource of which they need the largest part.
    static func ordered(_ needs: [ContainerNeed], _ groups: [OfferGroup]) -> [ContainerNeed] {
        var total = Amounts()
        for group in groups { total += group.amounts }
        let sized = needs.map { (need: $0, share: Amounts($0).share(of: total)) }
        return sized.sorted { ($1.share, $0.need.container) < ($0.share, $1.need.container) }.map(\.need)
    }

    private static func reasons(
        _ needs: [ContainerNeed],
        _ groups: [OfferGroup],
        _ avoided: (Int32, String) -> Bool
    ) -> [Int32: [String: Unused]] {
        var reasons: [Int32: [String: Unused]] = [:]
        for need in needs {
            let wanted = Amounts(need)
            reasons[need.container] = [:]
            for group in groups {
                let agent = group.agent.value
                let reason: Unused =
                    avoided(need.container, agent) ? .avoided : group.amounts.lack(of: wanted) ?? .takenByOthers
                // An agent with offers for several roles had room if one of them did.
                if reason == .takenByOthers || reasons[need.container]?[agent] == nil {
                    reasons[need.container]?[agent] = reason
                }
            }
        }
        return reasons
    }
}
