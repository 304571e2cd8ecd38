import MesosProtocol

/// What comes on the stream.
extension Subscription {
    /// Mesos's heartbeat as long as the master has not said anything else.
    private static let assumedHeartbeat = 15.0
    private static let maximumStreamIDBytes = 128

    /// Something has come.
    mutating func heard(at now: Instant) {
        guard case .subscribed(var established) = phase else { return }
        established.lastSign = now
        phase = .subscribed(established)
    }

    /// The master has opened a stream; this says nothing yet about the subscription.
    mutating func opened(_ headers: [String: String], at now: Instant) {
        guard case .connecting(var attempt) = phase else { return }
        let type = headers["content-type"] ?? "nothing"
        guard type == "application/x-protobuf" else {
            return attemptFailed("\(attempt.endpoint) answers with \(oneLine(type)), as no Mesos master does", at: now)
        }
        guard let id = headers["mesos-stream-id"], !id.isEmpty, id.utf8.count <= Self.maximumStreamIDBytes,
            id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            return attemptFailed("\(attempt.endpoint) answers without a usable Mesos-Stream-Id", at: now)
        }
        attempt.streamID = id
        phase = .connecting(attempt)
    }

    /// A record of the stream.
    mutating func received(_ record: [UInt8], at now: Instant) {
        // Fields and values of newer masters are left out rather than end the stream.
        guard let event = try? MesosEvent(serializedBytes: record, partial: true) else {
            return broken("it sent a record of \(record.count) bytes that is no event", at: now)
        }
        switch event.type {
        case .subscribed: subscribed(event.subscribed, at: now)
        case .error: refused(oneLine(event.error.message), at: now)
        case .heartbeat: break
        case .unknown:
            add(.log(.debug, "an event of a kind that is not known here was left out"))
        case .offers, .rescind, .update, .message, .failure, .inverseOffers, .rescindInverseOffer,
            .updateOperationStatus:
            if case .connecting = phase { return broken("it sent events before SUBSCRIBED", at: now) }
            add(.tell(.event(event)))
        }
    }

    private mutating func subscribed(_ subscribed: MesosEvent.Subscribed, at now: Instant) {
        guard case .connecting(let attempt) = phase, let streamID = attempt.streamID else {
            return broken("it sent SUBSCRIBED twice", at: now)
        }
        guard !subscribed.frameworkID.value.isEmpty else { return broken("it sent SUBSCRIBED without an id", at: now) }
        let told = subscribed.heartbeatIntervalSeconds
        let heartbeat = told > 0 && told <= 86_400 ? told : Self.assumedHeartbeat
        succeeded(
            subscribed,
            Established(
                origin: attempt.origin,
                endpoint: attempt.endpoint,
                streamID: streamID,
                info: subscribed.masterInfo,
                since: now,
                patience: .seconds(heartbeat * Double(max(1, options.missedHeartbeats))),
                lastSign: now
            )
        )
    }

    /// What comes makes no sense; `what` begins with "it".
    mutating func broken(_ what: String, at now: Instant) {
        switch phase {
        case .connecting(let attempt): attemptFailed("\(attempt.endpoint) is no Mesos master: \(what)", at: now)
        case .subscribed(let established): lost("\(established.endpoint) went wrong: \(what)", at: now)
        case .idle, .awaitingLeader, .pausing, .ending: break
        }
    }

    /// The stream's transfer is over.
    ///
    /// - Parameter isAwaited: whether somebody waits for the answer to a call that is under way. Then the end is told
    ///   after it: with TEARDOWN the master ends the stream first.
    mutating func streamEnded(_ end: TransferEnd, isMidRecord: Bool, isAwaited: Bool, at now: Instant) {
        switch phase {
        case .connecting(let attempt): attemptEnded(attempt, end, at: now)
        case .subscribed(let established):
            let reason: String
            if let failure = end.failure {
                reason = failure
            } else {
                reason =
                    "\(established.endpoint) ended the subscription" + (isMidRecord ? " in the middle of an event" : "")
            }
            guard isAwaited else { return lost(reason, at: now) }
            phase = .ending(established, reason: reason)
        case .idle, .awaitingLeader, .pausing, .ending: break
        }
    }

    private mutating func attemptEnded(_ attempt: Attempt, _ end: TransferEnd, at now: Instant) {
        let endpoint = attempt.endpoint
        if case .notTrusted(let reason) = end.outcome { return denied(reason) }
        switch end.status {
        case 307, 308:
            redirected(attempt, to: end.headers["location"] ?? "", at: now)
        case 401:
            let hint = options.authentication == .none ? "it wants credentials" : "it does not take the credentials"
            denied("\(endpoint) does not let the framework in: \(hint) (401)\(end.words)")
        case 403:
            denied("\(endpoint) does not let the framework in (403)\(end.words)")
        // A master that has just started knows no paths yet, and proxies have troubles of their own.
        case 404, 408, 429, 500...:
            attemptFailed("\(endpoint) answers \(end.status)\(end.words)", at: now)
        case 400..<500:
            denied("\(endpoint) does not take the SUBSCRIBE (\(end.status))\(end.words)")
        case 200:
            attemptFailed(end.failure ?? "\(endpoint) ended the stream before SUBSCRIBED", at: now)
        default:
            attemptFailed(end.failure ?? "\(endpoint) answers \(end.status), as no Mesos master does", at: now)
        }
    }
}

/// What becomes of calls.
extension Subscription {
    /// A call of this subscription was answered, or was not.
    mutating func callEnded(_ call: MesosCall, _ end: TransferEnd, at now: Instant) -> CallOutcome {
        let outcome = outcome(of: call, end)
        switch (phase, outcome) {
        case (.ending(_, let reason), _):
            lost(reason, at: now)
        case (_, .accepted):
            break
        case (_, .rejected(let status, let message)):
            add(.tell(.callRejected(call, status: status, message: message)))
        case (_, .lost(let reason)):
            lost(reason, at: now)
        }
        return outcome
    }

    private func outcome(of call: MesosCall, _ end: TransferEnd) -> CallOutcome {
        let name = call.name
        if let failure = end.failure { return .lost(reason: "\(name) got no answer: \(failure)") }
        let text = oneLine(end.body)
        switch end.status {
        case 200, 202:
            return .accepted
        // The only call that a master refuses by itself this way.
        case 403 where call.type == .updateFramework:
            return .rejected(status: 403, message: text)
        case 400 where Self.isAboutSubscription(text):
            return .lost(reason: "the master does not know the subscription any more: \(text)")
        case 400, 405..<500, 501:
            return .rejected(status: end.status, message: text)
        case 300..<400:
            return .lost(reason: "the master does not lead any more (\(end.status) to \(name))")
        default:
            return .lost(reason: "the master answers \(end.status) to \(name)\(end.words)")
        }
    }

    /// Mesos's own texts, because the status does not tell (recorded).
    private static func isAboutSubscription(_ text: String) -> Bool {
        text.contains("stream ID") || text.contains("Mesos-Stream-Id") || text.contains("Framework cannot be found")
    }
}

/// How a transfer has ended, with what came of its response.
struct TransferEnd {
    let outcome: HTTPOutcome
    /// 0 if there was none.
    let status: Int
    let headers: [String: String]
    /// The beginning of a body that is no stream.
    let body: [UInt8]

    /// Why there is no whole response; nil if there is.
    var failure: String? {
        switch outcome {
        case .done: nil
        case .failed(let reason), .notTrusted(let reason): reason
        }
    }

    /// The body, as it follows a status in a line.
    var words: String {
        let text = oneLine(body)
        return text.isEmpty ? "" : ": " + text
    }
}

extension MesosCall {
    /// As Mesos writes its type.
    var name: String {
        var name = ""
        for character in "\(type)" {
            if character.isUppercase { name += "_" }
            name += character.uppercased()
        }
        return name
    }
}
