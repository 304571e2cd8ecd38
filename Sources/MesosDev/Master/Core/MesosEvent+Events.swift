import MesosProtocol

/// The events of a master.
extension MesosEvent {
    static let heartbeat = MesosEvent.with { $0.type = .heartbeat }

    static func subscribed(_ id: MesosFrameworkID, heartbeat: Double, master: MesosMasterInfo) -> MesosEvent {
        .with {
            $0.type = .subscribed
            $0.subscribed.frameworkID = id
            $0.subscribed.heartbeatIntervalSeconds = heartbeat
            $0.subscribed.masterInfo = master
        }
    }

    static func error(_ message: String) -> MesosEvent {
        .with {
            $0.type = .error
            $0.error.message = message
        }
    }

    static func offers(_ offers: [MesosOffer]) -> MesosEvent {
        .with {
            $0.type = .offers
            $0.offers.offers = offers
        }
    }

    static func rescind(_ offer: String) -> MesosEvent {
        .with {
            $0.type = .rescind
            $0.rescind.offerID.value = offer
        }
    }

    static func inverseOffers(_ offers: [MesosInverseOffer]) -> MesosEvent {
        .with {
            $0.type = .inverseOffers
            $0.inverseOffers.inverseOffers = offers
        }
    }

    static func rescindInverseOffer(_ offer: String) -> MesosEvent {
        .with {
            $0.type = .rescindInverseOffer
            $0.rescindInverseOffer.inverseOfferID.value = offer
        }
    }

    static func update(_ status: MesosTaskStatus) -> MesosEvent {
        .with {
            $0.type = .update
            $0.update.status = status
        }
    }

    static func failure(ofAgent agent: String) -> MesosEvent {
        .with {
            $0.type = .failure
            $0.failure.agentID.value = agent
        }
    }
}
