import MesosProtocol

/// Reads the calls of schedulers, with a master's checks in a master's order and words.
enum CallReader {
    /// The call of a request's body.
    static func read(_ body: [UInt8], _ type: MediaType) throws(MasterRefusal) -> MesosCall {
        switch type {
        case .protobuf:
            // Required fields are looked at with the validation, as in Mesos.
            guard let call = try? MesosCall(serializedBytes: body) else {
                throw .badRequest("Failed to parse body into Call protobuf")
            }
            return call
        case .json:
            let value = try json(body)
            do throws(MessageChecker.Failure) {
                let checked = try MessageChecker.schedulerCalls.check(value, as: "Call")
                guard let call: MesosCall = try? MessageJSON.message(checked) else {
                    throw MessageChecker.Failure(text: "The JSON is not a Call")
                }
                return call
            } catch {
                throw .badRequest("Failed to convert JSON into Call protobuf: \(error.text)")
            }
        }
    }

    static func json(_ body: [UInt8]) throws(MasterRefusal) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: body)
        } catch {
            throw .badRequest("Failed to parse body into JSON: \(error)")
        }
    }

    /// Checks what is checked of every call before the framework is looked for.
    static func validate(_ call: MesosCall, principal: String?) throws(MasterRefusal) {
        do throws(Invalid) {
            guard call.hasType else { throw Invalid.missing("type") }
            guard call.type != .subscribe else { return try validateSubscribe(call, principal) }
            guard call.hasFrameworkID else { throw Invalid.missing("framework_id") }
            try validateMember(call)
        } catch {
            throw .badRequest("Failed to validate scheduler::Call: \(error.text)")
        }
    }

    private struct Invalid: Error {
        let text: String

        static func missing(_ name: String) -> Invalid { Invalid(text: "Expecting '\(name)' to be present") }
    }

    private static func validateSubscribe(_ call: MesosCall, _ principal: String?) throws(Invalid) {
        guard call.hasSubscribe else { throw .missing("subscribe") }
        let info = call.subscribe.frameworkInfo
        // An empty id is none.
        guard call.frameworkID.value == info.id.value else {
            throw Invalid(text: "'framework_id' differs from 'subscribe.framework_info.id'")
        }
        if let principal, info.hasPrincipal, info.principal != principal {
            throw Invalid(
                text: "Authenticated principal '\(principal)' does not match principal '\(info.principal)'"
                    + " set in `FrameworkInfo`"
            )
        }
    }

    private static func validateMember(_ call: MesosCall) throws(Invalid) {
        let member: (name: String, isThere: Bool)? =
            switch call.type {
            case .accept: ("accept", call.hasAccept)
            case .decline: ("decline", call.hasDecline)
            case .acceptInverseOffers: ("accept_inverse_offers", call.hasAcceptInverseOffers)
            case .declineInverseOffers: ("decline_inverse_offers", call.hasDeclineInverseOffers)
            case .kill: ("kill", call.hasKill)
            case .shutdown: ("shutdown", call.hasShutdown)
            case .acknowledge: ("acknowledge", call.hasAcknowledge)
            case .reconcile: ("reconcile", call.hasReconcile)
            case .message: ("message", call.hasMessage)
            case .updateFramework: ("update_framework", call.hasUpdateFramework)
            case .unknown, .subscribe, .teardown, .revive, .suppress, .request, .acknowledgeOperationStatus,
                .reconcileOperations:
                nil
            }
        if let member, !member.isThere { throw .missing(member.name) }
        if call.type == .acknowledge, call.acknowledge.uuid.count != 16 { throw Invalid(text: "Not a valid UUID") }
    }
}
