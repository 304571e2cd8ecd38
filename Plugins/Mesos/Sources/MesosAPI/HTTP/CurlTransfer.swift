import CCurl

/// A request under way, of one thread. It is cut when it is ended, which has to happen before its multi is closed.
final class CurlTransfer {
    let request: HTTPRequest
    private(set) var answer: HTTPAnswer
    /// Whether anything has come since ``takeSign()``.
    private var hasSign = false
    private var pointer: OpaquePointer?

    /// Begins.
    ///
    /// - Parameter isApart: whether it has a connection of its own; others share those that are kept open.
    init(_ request: HTTPRequest, on multi: CurlMulti, isApart: Bool, _ policy: HTTPAnswer.BodyPolicy) {
        self.request = request
        answer = HTTPAnswer(policy)
        let context = Unmanaged.passUnretained(self).toOpaque()
        pointer = request.withRequest { raw in
            raw.context = context
            raw.on_header = { CurlTransfer.of($0).take(header: UnsafeRawBufferPointer(start: $1, count: $2)) }
            raw.on_body = { CurlTransfer.of($0).take(body: UnsafeRawBufferPointer(start: $1, count: $2)) }
            return ccurl_transfer_start(multi.pointer, &raw, isApart)
        }
    }

    deinit {
        end()
    }

    /// How it has ended; nil as long as it is under way.
    var outcome: HTTPOutcome? {
        guard let pointer else { return .failed("libcurl has no memory left") }
        var result = ccurl_result()
        guard ccurl_transfer_result(pointer, &result) else { return nil }
        return answer.isTooLarge
            ? .failed("\(request.endpoint.place) answers with more than is taken") : HTTPOutcome(result, request)
    }

    /// Ends it, done or not; libcurl calls nothing of it any more.
    func end() {
        if let pointer { ccurl_transfer_end(pointer) }
        pointer = nil
    }

    /// Takes away what has come of the body.
    func takeBody() -> [UInt8] {
        answer.takeBody()
    }

    /// Whether anything has come since the last time.
    func takeSign() -> Bool {
        defer { hasSign = false }
        return hasSign
    }

    private func take(header: UnsafeRawBufferPointer) -> Bool {
        hasSign = true
        return answer.addHeader(header)
    }

    private func take(body: UnsafeRawBufferPointer) -> Bool {
        hasSign = true
        return answer.addBody(body)
    }

    /// The transfer that was handed to C as a context.
    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        guard let context else { preconditionFailure("libcurl lost the context") }
        return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
