import MesosProtocol

/// A planned absence of machines.
struct MaintenanceWindow: Sendable, Hashable {
    /// By host name or IP address.
    struct Machine: Sendable, Hashable {
        let hostname: String?
        let address: String?
    }

    let machines: [Machine]
    let unavailability: MesosUnavailability
}

/// A framework's answer to an inverse offer: it is not asked again before the time given.
struct InverseOfferFilter: Sendable {
    let agent: String
    let framework: String
    /// Seconds of the Unix epoch.
    let expiry: Double
}

/// Maintenance and inverse offers.
extension MasterCore {
    /// Replaces the schedule. Offers of the machines that it concerns are made anew, and their resources asked for.
    mutating func setMaintenance(_ windows: [MaintenanceWindow]) {
        maintenance = windows
        for agent in allAgents {
            let before = agent.unavailability
            applyMaintenance(to: agent.id)
            guard agents[agent.id]?.unavailability != before else { continue }
            inverseOfferFilters.removeAll { $0.agent == agent.id }
            rescindOffers { $0.agent == agent.id }
            rescindInverseOffers { $0.agent == agent.id }
        }
        allocateResources(to: nil)
        sendInverseOffers()
    }

    mutating func applyMaintenance(to id: String) {
        guard let agent = agents[id] else { return }
        let window = maintenance.first { window in
            window.machines.contains { machine in
                (machine.hostname == nil || machine.hostname == agent.info.hostname)
                    && (machine.address == nil || machine.address == agent.address)
                    && (machine.hostname != nil || machine.address != nil)
            }
        }
        agents[id]?.unavailability = window?.unavailability
    }

    /// Asks each framework for what it has or is offered on machines that will be away: once, until it answers and its
    /// answer's filter has run out.
    mutating func sendInverseOffers() {
        inverseOfferFilters.removeAll { $0.expiry <= now }
        let affected = allAgents.filter { $0.isConnected && $0.unavailability != nil }
        for framework in allFrameworks where framework.isConnected {
            var messages: [MesosInverseOffer] = []
            for agent in affected where isToBeAsked(framework, for: agent.id) {
                guard let unavailability = agent.unavailability else { continue }
                let record = InverseOfferRecord(id: newOfferID(), framework: framework.id, agent: agent.id)
                inverseOffers[record.id] = record
                messages.append(
                    .with {
                        $0.id.value = record.id
                        $0.url = agent.url
                        $0.frameworkID = framework.info.id
                        $0.agentID = agent.info.id
                        $0.unavailability = unavailability
                    }
                )
            }
            if !messages.isEmpty { send(.inverseOffers(messages), to: framework.id) }
        }
    }

    private func isToBeAsked(_ framework: FrameworkRecord, for agent: String) -> Bool {
        let concerns: (String, String) -> Bool = { $0 == framework.id && $1 == agent }
        return !inverseOffers.values.contains { concerns($0.framework, $0.agent) }
            && !inverseOfferFilters.contains { concerns($0.framework, $0.agent) }
            && (offers.values.contains { concerns($0.framework, $0.agent) } || !framework.used(on: agent).isEmpty)
    }

    /// Handles ACCEPT_INVERSE_OFFERS and DECLINE_INVERSE_OFFERS, which differ only in what the operator sees.
    mutating func answerInverseOffers(_ id: String, _ offers: [MesosOfferID], _ filters: MesosFilters) {
        let seconds = filters.refuseSeconds >= 0 ? filters.refuseSeconds : Self.defaultRefusal
        for record in offers.compactMap({ inverseOffers[$0.value] }) where record.framework == id {
            inverseOffers[record.id] = nil
            inverseOfferFilters.append(
                InverseOfferFilter(agent: record.agent, framework: id, expiry: now + seconds)
            )
        }
    }

    mutating func rescindInverseOffers(where condition: (InverseOfferRecord) -> Bool) {
        for record in inverseOffers.values.filter(condition) {
            inverseOffers[record.id] = nil
            send(.rescindInverseOffer(record.id), to: record.framework)
        }
    }
}
