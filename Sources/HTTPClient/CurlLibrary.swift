import CCurl

/// libcurl in this process.
struct CurlLibrary: Sendable {
    /// Loaded at the first request; a failure to load it is every request's.
    static let shared = Result<CurlLibrary, HTTPClientError> { () throws(HTTPClientError) in
        try CurlLibrary(file: "libcurl.so.4")
    }

    /// Of a library that is never unloaded and not written to once it is loaded.
    private let handle: Handle

    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    init(file: String) throws(HTTPClientError) {
        var message = [CChar](repeating: 0, count: 512)
        guard let pointer = ccurl_load(file, &message, message.count) else {
            let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw HTTPClientError(.noLibrary, "cannot load libcurl: \(reason); install the Debian package libcurl4")
        }
        handle = Handle(pointer: pointer)
    }

    /// Performs a request; blocks the thread.
    func perform(_ request: HTTPRequest, _ cancellation: Cancellation, into sink: BodySink?) throws -> HTTPResponse {
        let transfer = Transfer(request, cancellation, sink)
        let result = withExtendedLifetime(transfer) {
            withCStringArray(request.headerLines) { headers, count in
                request.withBody { body in
                    var raw = ccurl_request()
                    raw.headers = headers
                    raw.header_count = count
                    raw.body = body.baseAddress
                    raw.body_length = body.count
                    raw.timeout_milliseconds = request.timeoutMilliseconds
                    raw.context = Unmanaged.passUnretained(transfer).toOpaque()
                    raw.on_header = { Transfer.of($0).takeHeader(UnsafeRawBufferPointer(start: $1, count: $2)) }
                    raw.on_body = { Transfer.of($0).takeBody(UnsafeRawBufferPointer(start: $1, count: $2)) }
                    raw.is_cancelled = { Transfer.of($0).isOver }
                    return request.method.withCString { method in
                        request.url.withCString { url in
                            raw.method = method
                            raw.url = url
                            return ccurl_perform(handle.pointer, &raw)
                        }
                    }
                }
            }
        }
        return try transfer.response(result)
    }
}

/// One request on its way; used by the thread that performs it only.
private final class Transfer {
    let request: HTTPRequest
    let cancellation: Cancellation
    private let sink: BodySink?
    private var parser: ResponseParser
    private var lastData = ContinuousClock.now
    private var sinkError: (any Error)?

    init(_ request: HTTPRequest, _ cancellation: Cancellation, _ sink: BodySink?) {
        self.request = request
        self.cancellation = cancellation
        self.sink = sink
        parser = ResponseParser(maximumBodyBytes: request.maximumResponseBytes)
    }

    /// The transfer that was handed to C as a context.
    static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl lost the context") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Whether nobody waits for the response any more, or it takes too long to come.
    var isOver: Bool { cancellation.isRequested || isStalled }

    private var isStalled: Bool {
        sink.map { ContinuousClock.now - lastData > $0.stallLimit } ?? false
    }

    /// Takes a line of the head; false ends the transfer.
    func takeHeader(_ data: UnsafeRawBufferPointer) -> Bool {
        lastData = .now
        return parser.addHeader(data)
    }

    /// Takes a piece of the body; false ends the transfer.
    func takeBody(_ data: UnsafeRawBufferPointer) -> Bool {
        guard let sink else { return parser.addBody(data) }
        // Afterwards: the time that the sink takes is not the server's.
        defer { lastData = .now }
        guard parser.status == 200 else { return true }
        do {
            try sink.take(data)
            return true
        } catch {
            sinkError = error
            return false
        }
    }

    func response(_ result: ccurl_result) throws -> HTTPResponse {
        guard result.outcome == CCURL_DONE else { throw error(result) }
        return HTTPResponse(
            status: Int(result.status),
            reason: parser.reason,
            headers: parser.headers,
            body: parser.body
        )
    }

    private func error(_ result: ccurl_result) -> any Error {
        if let sinkError { return sinkError }
        let place = request.place
        switch result.outcome {
        case CCURL_UNKNOWN_HOST:
            return HTTPClientError(.notConnected, "cannot reach \(place): the host is not known")
        case CCURL_NOT_CONNECTED:
            let reason = result.system_error == 0 ? result.text : systemText(result.system_error)
            return HTTPClientError(.notConnected, "cannot reach \(place): \(reason)")
        case CCURL_TIMED_OUT:
            return HTTPClientError(.timeout, "no answer from \(place) within \(request.timeout)")
        case CCURL_STOPPED where cancellation.isRequested:
            return CancellationError()
        case CCURL_STOPPED where isStalled:
            return HTTPClientError(.timeout, "\(place) has sent nothing for \(sink?.stallLimit ?? .zero)")
        case CCURL_STOPPED where parser.isTooLarge:
            let limit = request.maximumResponseBytes
            return HTTPClientError(.tooLarge, "the answer from \(place) is longer than \(limit) bytes")
        default:
            return HTTPClientError(.broken, "the request to \(place) failed: \(result.text)")
        }
    }
}

extension ccurl_result {
    /// libcurl's words.
    fileprivate var text: String {
        withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// Calls a body with an array of C strings that live for the call.
private func withCStringArray<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int) -> Result
) -> Result {
    let copies = strings.map { string in
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: string.utf8.count + 1)
        _ = bytes.initialize(from: string.utf8CString)
        return bytes
    }
    defer { copies.forEach { $0.deallocate() } }
    let pointers = copies.map { UnsafePointer($0.baseAddress) }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
}
