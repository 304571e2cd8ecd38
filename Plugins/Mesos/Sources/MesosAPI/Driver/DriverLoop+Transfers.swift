import MesosProtocol

/// The transfer that events come on.
struct EventStream {
    let transfer: CurlTransfer
    var decoder: RecordIODecoder
    var isOpened = false
    /// The beginning of a body that is no stream.
    var refusal: [UInt8] = []
}

/// The stream of events.
extension DriverLoop {
    func connect(to endpoint: MesosEndpoint, _ call: MesosCall) {
        shared.update(subscription)
        let post = post(call, to: endpoint, streamID: nil, timeout: nil)
        stream = EventStream(
            transfer: CurlTransfer(post, on: multi, isApart: true, .stream),
            decoder: RecordIODecoder(maximumRecordBytes: options.maximumRecordBytes)
        )
    }

    func followStream(at now: Instant) {
        guard let transfer = stream?.transfer else { return }
        if transfer.takeSign() { subscription.heard(at: now) }
        let body = transfer.takeBody()
        if transfer.answer.status == 200 {
            guard body.isEmpty || read(body, of: transfer, at: now) else { return }
        } else if let count = stream?.refusal.count {
            stream?.refusal += body.prefix(max(0, Self.maximumRefusalBytes - count))
        }
        guard let outcome = transfer.outcome, let stream else { return }
        subscription.streamEnded(
            TransferEnd(outcome, transfer.answer, body: stream.refusal),
            isMidRecord: !stream.decoder.isBetweenRecords,
            isAwaited: inFlight?.call.completion != nil,
            at: now
        )
        // A stream that ended stays so, whatever the subscription waits for.
        if self.stream?.transfer === transfer { self.stream = nil }
        perform()
    }

    /// False if the stream is not followed any more.
    private func read(_ body: [UInt8], of transfer: CurlTransfer, at now: Instant) -> Bool {
        if stream?.isOpened == false {
            stream?.isOpened = true
            subscription.opened(transfer.answer.headers, at: now)
            perform()
        }
        guard stream?.transfer === transfer else { return false }
        stream?.decoder.append(body)
        do throws(RecordIOError) {
            while let record = try stream?.decoder.next() {
                subscription.received(record, at: now)
                perform()
                guard stream?.transfer === transfer else { return false }
            }
            return true
        } catch {
            subscription.broken("\(error)", at: now)
            perform()
            return false
        }
    }
}

/// Calls: one after another, so that the master takes them in order.
extension DriverLoop {
    func send(_ call: QueuedCall) {
        let name = call.call.name
        guard subscription.established != nil else {
            call.completion?(.lost(reason: "\(name) was not sent: there is no subscription"))
            if call.completion == nil { log(.debug, "\(name) was not sent: there is no subscription") }
            return
        }
        guard calls.add(call) else {
            call.completion?(.lost(reason: "\(name) was not sent: too many calls are waiting"))
            subscription.lost("too many calls are waiting: the master does not take them in time", at: .now)
            return
        }
    }

    /// Sends the next one, if none is under way.
    func startCall() {
        guard inFlight == nil, let established = subscription.established, let call = calls.next() else { return }
        let post = post(
            call.call,
            to: established.endpoint,
            streamID: established.streamID,
            timeout: options.callTimeout
        )
        let transfer = CurlTransfer(post, on: multi, isApart: false, .beginning(Self.maximumRefusalBytes))
        inFlight = (call, transfer)
    }

    func followCall(at now: Instant) {
        guard let (call, transfer) = inFlight, let outcome = transfer.outcome else { return }
        inFlight = nil
        transfer.end()
        let end = TransferEnd(outcome, transfer.answer, body: transfer.answer.body)
        let result = subscription.callEnded(call.call, end, at: now)
        call.completion?(result)
        perform()
    }

    func dropCalls(_ reason: String) {
        let dropped = (inFlight.map { [$0.call] } ?? []) + calls.removeAll()
        inFlight?.transfer.end()
        inFlight = nil
        for call in dropped { call.completion?(.lost(reason: "\(call.call.name) got no answer: \(reason)")) }
    }

    private func post(_ call: MesosCall, to endpoint: MesosEndpoint, streamID: String?, timeout: Duration?)
        -> HTTPRequest
    {
        // What lacks a field is the master's to refuse.
        let body: [UInt8] = (try? call.serializedBytes(partial: true)) ?? []
        var headers = [("Content-Type", "application/x-protobuf"), ("Accept", "application/x-protobuf")]
        if let streamID { headers.append(("Mesos-Stream-Id", streamID)) }
        if let authorization { headers.append(("Authorization", authorization)) }
        return HTTPRequest(
            endpoint: endpoint,
            path: Self.path,
            headers: headers,
            body: body,
            tls: options.tls,
            connectTimeout: options.connectTimeout,
            timeout: timeout
        )
    }
}

extension TransferEnd {
    fileprivate init(_ outcome: HTTPOutcome, _ answer: HTTPAnswer, body: [UInt8]) {
        self.init(outcome: outcome, status: answer.status, headers: answer.headers, body: body)
    }
}
