import MesosProtocol

/// Whether offers flow.
struct OfferFlow {
    /// No offers come until REVIVE.
    var isSuppressed = false
    /// Offers were refused for longer than the pause between two REVIVEs.
    var hasLongFilters = false
    var lastRevive: Moment?
    /// Who waited when offers were last refused, and how often that has happened since somebody was placed.
    var waiting: [Int32] = []
    var refusals = 0
    /// What the last match was made of: the same again would find the same.
    var matched: Matched?

    struct Matched: Hashable {
        let pool: Int
        let waiting: [Int32]
        let isPatient: Bool
    }
}

extension Framework {
    /// Whether any container wants, or will soon want, an offer.
    var wantsOffers: Bool {
        goal == .run && phase != .removed && wanted.contains { containers[$0]?.isSettled == false }
    }

    private var ready: [ContainerRecord] {
        guard goal == .run else { return [] }
        return wanted.sorted().compactMap { containers[$0] }.filter(\.isReady)
    }

    mutating func offered(_ offers: [MesosOffer]) {
        guard phase == .subscribed else { return }
        pool.add(offers, at: now)
    }

    mutating func useOffers() {
        guard phase == .subscribed else { return }
        matchWhatWaits()
        let unplaced = ready.map(\.container)
        if unplaced.isEmpty {
            declineAll()
        } else {
            declineUnsuited(unplaced)
        }
        regulate(isWaiting: !unplaced.isEmpty)
    }

    private mutating func matchWhatWaits() {
        let waiting = ready
        guard !waiting.isEmpty, let oldest = pool.oldest else {
            offerFlow.matched = nil
            return
        }
        let isPatient = now >= oldest + settings.offerHold
        let matched = OfferFlow.Matched(
            pool: pool.version,
            waiting: waiting.map(\.container),
            isPatient: isPatient
        )
        guard matched != offerFlow.matched else { return }
        offerFlow.matched = matched
        match(waiting, avoiding: .preferOthers)
        // What failed on one agent is tried there again if no other one comes in time.
        let left = ready
        if isPatient, !left.isEmpty, !pool.isEmpty { match(left, avoiding: .never) }
    }

    private mutating func match(_ waiting: [ContainerRecord], avoiding degree: AgentAvoidance.Degree) {
        var running: [String: Int] = [:]
        for task in containers.values.flatMap(\.tasks) { running[task.agent, default: 0] += 1 }
        let offers = pool.offers
        let avoidance = avoidance
        let now = now
        let match = OfferMatcher().match(
            needs: waiting.map(\.nextNeed),
            offers: offers,
            running: running,
            avoided: { avoidance.degree($1, for: $0, at: now) >= degree },
            maintenanceBefore: now + settings.maintenanceHorizon
        )
        for launch in match.launches { place(launch, offers) }
        guard !match.reasons.isEmpty else { return }
        let names = offers.map { ($0.agentID.value, $0.hostname) }
        let hostnames = Dictionary(names, uniquingKeysWith: { first, _ in first })
        for (id, reasons) in match.reasons {
            containers[id]?.refusals.note(reasons, hostnames: hostnames, at: now)
            containers[id]?.waitsBecause()
        }
    }

    /// Refuses offers that were held in vain; for longer and longer, so that others get them.
    private mutating func declineUnsuited(_ waiting: [Int32]) {
        if offerFlow.waiting != waiting {
            // Somebody new may take what was refused.
            if offerFlow.refusals > 0 { offerFlow.hasLongFilters = true }
            offerFlow.waiting = waiting
            offerFlow.refusals = 0
        }
        let offers = pool.takeOlder(than: now - settings.offerHold)
        guard !offers.isEmpty else { return }
        decline(offers, for: min(settings.busyFilter << min(offerFlow.refusals, 10), settings.busyFilterMaximum))
        offerFlow.refusals += 1
    }

    private mutating func place(_ launch: Launch, _ offers: [MesosOffer]) {
        guard let first = launch.placements.first, let frameworkID else { return }
        pool.remove(launch.offers)
        let url = offers.first { launch.offers.contains($0.id) }.map(agentURL) ?? ""
        let tasks = launch.placements.map { placement in start(placement, url) }
        let left = ready
        calls.append(
            .launch(
                LaunchOrder(
                    framework: MesosFrameworkID.with { $0.value = frameworkID },
                    agent: first.agent,
                    hostname: first.hostname,
                    offers: launch.offers,
                    tasks: tasks,
                    // What is left is of use again soon, or not for long.
                    refuseSeconds: left.isEmpty ? seconds(idleTime) : 0
                )
            )
        )
        if left.isEmpty { offerFlow.hasLongFilters = true }
        calls.append(.count(.launches))
    }

    private mutating func start(_ placement: Placement, _ url: String) -> LaunchOrder.Task {
        let id = placement.container
        let attempt = (containers[id]?.attempt ?? 0) + 1
        let taskID = TaskID(topologyID: settings.topologyID, container: id, attempt: attempt).text
        containers[id]?.attempt = attempt
        containers[id]?.wait = ""
        containers[id]?.refusals.clear()
        containers[id]?.current = TaskRun(
            id: taskID,
            attempt: attempt,
            agent: placement.agent.value,
            hostname: placement.hostname,
            agentURL: url,
            ports: placement.ports,
            launchedAt: now
        )
        unsaved.insert(id)
        return LaunchOrder.Task(
            container: id,
            attempt: attempt,
            id: taskID,
            resources: placement.resources,
            ports: placement.ports
        )
    }

    private func agentURL(_ offer: MesosOffer) -> String {
        guard offer.hasURL else { return "" }
        let address = offer.url.address
        let host = address.hostname.isEmpty ? address.ip : address.hostname
        return "\(offer.url.scheme)://\(host):\(address.port)\(offer.url.path)"
    }

    /// Takes leave of the offers that are held, because nothing can be launched for now; nil if there are none.
    public mutating func releaseOffers() -> MesosCall? {
        refusal(of: pool.takeOlder(than: .max))
    }

    /// A DECLINE of offers that were not even looked at; nil if there are none, or no subscription.
    public func refusal(of offers: [MesosOfferID]) -> MesosCall? {
        guard !offers.isEmpty, phase == .subscribed else { return nil }
        var call = call(.decline)
        call.decline.offerIds = offers
        call.decline.filters.refuseSeconds = seconds(settings.busyFilter)
        return call
    }

    mutating func launchFailed(_ order: LaunchOrder, _ reason: String) {
        for task in order.tasks { lostLaunch(task.id, TaskEnd.oneLine(reason)) }
        calls.append(log(.error, "cannot launch on \(order.hostname): \(reason)"))
        decline(order.offers, for: settings.busyFilter)
    }

    /// For how long nothing is needed: until the next pause is over, or for long.
    private var idleTime: Moment {
        let next = containers.values.compactMap(\.notBefore).min()
        return next.map { max($0 - now, 0) }.map { min($0, settings.idleFilter) } ?? settings.idleFilter
    }

    private mutating func declineAll() {
        let ids = pool.takeOlder(than: now)
        let time = idleTime
        decline(ids, for: time)
        if !ids.isEmpty, time > settings.busyFilter { offerFlow.hasLongFilters = true }
    }

    mutating func decline(_ offers: [MesosOfferID], for time: Moment) {
        guard !offers.isEmpty, phase == .subscribed else { return }
        var call = call(.decline)
        call.decline.offerIds = offers
        call.decline.filters.refuseSeconds = seconds(time)
        calls.append(.send(call))
        calls.append(.count(.declined))
    }

    mutating func declineInverse(_ offers: [MesosOfferID]) {
        guard !offers.isEmpty, phase == .subscribed else { return }
        // Containers move only when their tasks end: the operator is told that it hurts, once in a while.
        var call = call(.declineInverseOffers)
        call.declineInverseOffers.inverseOfferIds = offers
        call.declineInverseOffers.filters.refuseSeconds = seconds(settings.idleFilter)
        calls.append(.send(call))
    }

    private func seconds(_ time: Moment) -> Double { Double(time) / 1000 }

    /// SUPPRESS when everything runs, REVIVE when something does not.
    private mutating func regulate(isWaiting: Bool) {
        if !wantsOffers, !offerFlow.isSuppressed {
            var call = call(.suppress)
            call.suppress.roles = [settings.resourceRole]
            calls.append(.send(call))
            offerFlow.isSuppressed = true
        } else if isWaiting, let due = reviveDue, now >= due {
            var call = call(.revive)
            call.revive.roles = [settings.resourceRole]
            calls.append(.send(call))
            offerFlow = OfferFlow(isSuppressed: false, hasLongFilters: false, lastRevive: now)
        }
    }

    /// When offers have to be asked for, given that something waits; nil if they come by themselves.
    private var reviveDue: Moment? {
        if offerFlow.isSuppressed || offerFlow.hasLongFilters {
            return offerFlow.lastRevive.map { $0 + settings.reviveSpacing } ?? now
        }
        return offerFlow.lastRevive.map { $0 + settings.reviveInterval }
    }

    /// When ``useOffers()`` has something to do that no event brings.
    var offerDeadline: Moment? {
        guard !ready.isEmpty else { return nil }
        return [pool.oldest.map { $0 + settings.offerHold }, reviveDue].compactMap { $0 }.min()
    }
}
