import MesosProtocol

/// Offers: made, declined, rescinded, expired; and what frameworks say about wanting them.
extension MasterCore {
    static let defaultRefusal = 5.0
    private static let longestRefusal = 365.0 * 24 * 3600

    /// What of an agent nobody uses and nobody is offered, not allocated.
    func free(_ agent: AgentRecord) -> ResourceSet {
        var free = agent.total
        for framework in allFrameworks { free -= framework.used(on: agent.id).allocated(to: nil) }
        for offer in offers.values where offer.agent == agent.id { free -= offer.resources.allocated(to: nil) }
        return free
    }

    /// Offers everything that is free: for each agent to the role and framework with the smallest share, as the
    /// hierarchical allocator does without weights and quota.
    ///
    /// - Parameter only: the one framework to make offers to; nil for all.
    mutating func allocateResources(to only: String?) {
        var made: [String: [OfferRecord]] = [:]
        for agent in allAgents.shuffled() where agent.isConnected {
            var free = free(agent)
            for (framework, role) in candidates(only) where !free.isEmpty {
                let share = free.filter { resource in
                    guard let reserved = resource.reservationRole else { return true }
                    return role == reserved || role.hasPrefix(reserved + "/")
                }
                guard isWorthOffering(share), isOfferable(agent, to: framework),
                    !isHidden(share, on: agent.id, role: role, framework)
                else { continue }
                let offer = OfferRecord(
                    id: newOfferID(),
                    framework: framework.id,
                    agent: agent.id,
                    role: role,
                    resources: share.allocated(to: role),
                    madeAt: now
                )
                offers[offer.id] = offer
                made[framework.id, default: []].append(offer)
                free -= share
            }
        }
        for framework in frameworkOrder {
            guard let offers = made[framework] else { continue }
            send(.offers(offers.compactMap(message)), to: framework)
        }
    }

    /// Pairs of framework and role that take offers, the neediest first.
    private func candidates(_ only: String?) -> [(FrameworkRecord, String)] {
        let total = allAgents.filter(\.isRegistered).reduce(into: ResourceSet()) { $0 += $1.total }
        let takers = allFrameworks.filter { $0.isConnected && (only == nil || $0.id == only) }
        let shares = takers.map { framework in
            let held = offers.values.filter { $0.framework == framework.id }
                .reduce(into: framework.used()) { $0 += $1.resources }
            return (framework, share(of: held, in: total))
        }
        return shares.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
            .flatMap { entry in
                let framework = entry.element.0
                return framework.roles.filter { !framework.suppressed.contains($0) }.map { (framework, $0) }
            }
    }

    /// The dominant share: the largest part of any scalar.
    private func share(of held: ResourceSet, in total: ResourceSet) -> Double {
        held.scalarNames.map { name in
            Double(held.thousandths(name)) / Double(max(1, total.thousandths(name)))
        }.max() ?? 0
    }

    /// Mesos's default of `--min_allocatable_resources`: `cpus:0.01|mem:32`.
    private func isWorthOffering(_ resources: ResourceSet) -> Bool {
        resources.thousandths("cpus") >= 10 || resources.thousandths("mem") >= 32_000
    }

    private func isOfferable(_ agent: AgentRecord, to framework: FrameworkRecord) -> Bool {
        agent.total.thousandths("gpus") == 0 || framework.has(.gpuResources)
    }

    private func isHidden(_ resources: ResourceSet, on agent: String, role: String, _ framework: FrameworkRecord)
        -> Bool
    {
        framework.filters.contains { filter in
            filter.agent == agent && filter.role == role && filter.expiry > now && filter.refused.contains(resources)
        }
    }

    /// The offer as the framework gets it; nil if either is gone.
    func message(_ offer: OfferRecord) -> MesosOffer? {
        guard let framework = frameworks[offer.framework], let agent = agents[offer.agent] else { return nil }
        return .with {
            $0.id.value = offer.id
            $0.frameworkID = framework.info.id
            $0.agentID = agent.info.id
            $0.hostname = agent.info.hostname
            $0.url = agent.url
            $0.resources = resources(offer.resources, for: framework)
            $0.attributes = agent.info.attributes
            $0.executorIds = []
            if let unavailability = agent.unavailability { $0.unavailability = unavailability }
            if framework.has(.multiRole) { $0.allocationInfo.role = offer.role }
        }
    }

    /// Resources in the format that the framework's capabilities ask for.
    func resources(_ resources: ResourceSet, for framework: FrameworkRecord) -> [MesosResource] {
        resources.messages.compactMap { resource in
            var resource = resource
            if !framework.has(.multiRole) { resource.clearAllocationInfo() }
            return framework.has(.reservationRefinement) ? resource : resource.inOldFormat
        }
    }

    /// Handles DECLINE. Ids of offers that are no more are passed over.
    mutating func decline(_ id: String, _ call: MesosCall.Decline) {
        for offer in call.offerIds.compactMap({ offers[$0.value] }) where offer.framework == id {
            offers[offer.id] = nil
            refuse(offer.resources.allocated(to: nil), of: offer, call.filters)
        }
    }

    /// Hides the agent of an offer from the role as long as no more is free there than has been refused.
    mutating func refuse(_ resources: ResourceSet, of offer: OfferRecord, _ filters: MesosFilters) {
        var seconds = filters.refuseSeconds
        if seconds.isNaN || seconds < 0 { seconds = Self.defaultRefusal }
        guard seconds > 0, !resources.isEmpty else { return }
        let filter = OfferFilter(
            agent: offer.agent,
            role: offer.role,
            refused: resources,
            expiry: now + min(seconds, Self.longestRefusal)
        )
        frameworks[offer.framework]?.filters.removeAll { $0.expiry <= now }
        frameworks[offer.framework]?.filters.append(filter)
    }

    /// Handles REVIVE: no roles are all roles; one that the framework does not have makes it void.
    mutating func revive(_ id: String, _ roles: [String]) {
        guard let roles = checked(roles, of: id) else { return }
        frameworks[id]?.suppressed.subtract(roles)
        frameworks[id]?.filters.removeAll { roles.contains($0.role) }
        allocateResources(to: id)
    }

    /// Handles SUPPRESS, with the roles as ``revive(_:_:)``.
    mutating func suppress(_ id: String, _ roles: [String]) {
        guard let roles = checked(roles, of: id) else { return }
        frameworks[id]?.suppressed.formUnion(roles)
    }

    private mutating func checked(_ roles: [String], of id: String) -> [String]? {
        guard let framework = frameworks[id] else { return nil }
        guard let unknown = roles.first(where: { !framework.roles.contains($0) }) else {
            return roles.isEmpty ? framework.roles : roles
        }
        perform(.note("a call of framework \(id) is dropped: it is not subscribed to role '\(unknown)'"))
        return nil
    }

    /// Rescinds the offers that fulfil a condition; their resources are free at once.
    mutating func rescindOffers(where condition: (OfferRecord) -> Bool) {
        for offer in offers.values.filter(condition).sorted(by: { $0.madeAt > $1.madeAt }) {
            offers[offer.id] = nil
            send(.rescind(offer.id), to: offer.framework)
        }
    }

    /// Takes a framework's offers back without a word.
    mutating func discardOffers(of framework: String) {
        offers = offers.filter { $0.value.framework != framework }
        inverseOffers = inverseOffers.filter { $0.value.framework != framework }
    }

    /// Rescinds the offers that have been held for too long.
    mutating func expireOffers() {
        guard let timeout = settings.offerTimeout else { return }
        let now = now
        rescindOffers { $0.madeAt + timeout <= now }
    }
}
