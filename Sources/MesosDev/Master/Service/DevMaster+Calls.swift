import MesosProtocol

/// The calls of schedulers.
extension DevMaster {
    /// Whether there is no master at the moment, so that connections are to be cut.
    var isDown: Bool { if case .down = phase { true } else { false } }

    /// What stands in the way of looking at a request, nil if nothing does.
    ///
    /// - Parameter path: where the leader answers it, with its query.
    /// - Parameter needsRecovery: whether the request has to wait for the recovery of the master.
    func refusal(redirecting path: String, needsRecovery: Bool) -> MasterRefusal? {
        switch leadership {
        case .follower(let leader): return .redirect(to: leader + path)
        case .none: return .unavailable("No leader elected")
        case .leader: break
        }
        if needsRecovery, case .recovering = phase { return .unavailable("Master has not finished recovery") }
        return nil
    }

    /// The fault that is to happen to a call of a type; it is used up by that.
    func takeEffect(on call: String) -> FaultPlan.Effect? { faults.takeEffect(on: call) }

    /// Does a call other than SUBSCRIBE, for which ``CallReader`` found nothing wrong.
    ///
    /// - Returns: the status of the answer.
    func perform(_ call: MesosCall, stream: String?, principal: String?) throws(MasterRefusal) -> Int {
        let id = call.frameworkID.value
        guard let framework = core.frameworks[id] else { throw .badRequest("Framework cannot be found") }
        if let principal, framework.info.hasPrincipal || framework.principal != nil,
            principal != framework.principal ?? framework.info.principal
        {
            throw .badRequest(
                "Authenticated principal '\(principal)' does not match principal"
                    + " '\(framework.principal ?? framework.info.principal)' set in 'FrameworkInfo'"
            )
        }
        guard let current = framework.stream else {
            throw MasterRefusal(status: 403, text: "Framework is not subscribed")
        }
        guard let stream else {
            throw .badRequest("All non-subscribe calls should include the 'Mesos-Stream-Id' header")
        }
        guard stream == current else {
            throw .badRequest(
                "The stream ID '\(stream)' included in this request didn't match the stream ID currently associated"
                    + " with framework ID \(id)"
            )
        }
        return try dispatch(call, id)
    }

    private func dispatch(_ call: MesosCall, _ id: String) throws(MasterRefusal) -> Int {
        switch call.type {
        case .teardown: change { $0.tearDown(id) }
        case .accept: change { $0.accept(id, call.accept) }
        case .decline: change { $0.decline(id, call.decline) }
        case .revive: change { $0.revive(id, call.revive.roles) }
        case .suppress: change { $0.suppress(id, call.suppress.roles) }
        case .kill: change { $0.kill(id, call.kill) }
        case .acknowledge: change { $0.acknowledge(id, call.acknowledge) }
        case .reconcile: change { $0.reconcile(id, call.reconcile) }
        case .acceptInverseOffers:
            change {
                $0.answerInverseOffers(id, call.acceptInverseOffers.inverseOfferIds, call.acceptInverseOffers.filters)
            }
        case .declineInverseOffers:
            change {
                $0.answerInverseOffers(id, call.declineInverseOffers.inverseOfferIds, call.declineInverseOffers.filters)
            }
        case .updateFramework:
            if let error = change({ $0.updateFramework(id, call.updateFramework) }) { throw .badRequest(error) }
            return 200
        case .shutdown, .message, .request, .acknowledgeOperationStatus, .reconcileOperations:
            // Executors and operations with feedback do not exist here, so there is nothing that they could reach.
            log.info("\(call.type) of framework \(id) is accepted and dropped: it is not simulated")
        case .subscribe, .unknown:
            throw MasterRefusal(status: 501, text: "")
        }
        return 202
    }
}
