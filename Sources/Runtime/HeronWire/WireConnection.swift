import HeronModel
import NIOCore

/// One open connection that speaks Heron's framing, on either side.
///
/// Confined to its event loop: every property and method must be used on it. Writes are collected and flushed once at
/// the end of the loop's current round, so that many small packets leave in one system call.
public final class WireConnection {
    /// The loop on which everything about the connection happens.
    public let eventLoop: any EventLoop
    /// The other side's address, for messages.
    public let peer: String
    /// Whether packets can still be sent; false from the call of ``close(_:)`` on.
    public private(set) var isOpen = true

    let channel: any Channel
    private let handlers: WireHandlers
    /// Most packets have the type of the one before.
    private var lastTypeName = ""
    private var lastHandler: WireHandlers.PacketHandler?
    /// Whether the owner knows who the other side is; to be set by it.
    public var isIntroduced = false
    /// What the connection's owner knows its other side by; nothing here looks at it.
    public var tag: Int32?
    private var pending: [RequestID: PendingRequest] = [:]
    private var flushScheduled = false
    private(set) var closeReason: WireError?

    init(channel: any Channel, handlers: WireHandlers) {
        self.channel = channel
        self.handlers = handlers
        eventLoop = channel.eventLoop
        peer = channel.remoteAddress.map(WireConnection.describe) ?? "unknown address"
    }

    /// Bytes that were sent with the methods here and that the socket has not taken yet.
    public var unsentBytes: Int {
        guard isOpen, let options = channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    // MARK: Sending

    /// Sends a one-way message.
    public func send<M: Message>(_ message: M) {
        sendPacket { () throws(WireError) in try PacketHeader.packet(message, requestID: .none) }
    }

    /// Sends a response to a request that came on this connection.
    public func respond<M: Message>(_ message: M, to request: RequestID) {
        sendPacket { () throws(WireError) in try PacketHeader.packet(message, requestID: request) }
    }

    /// Sends a complete packet, header included; false, with the packet dropped, if the connection is closed.
    @discardableResult
    public func send(packet: ByteBuffer) -> Bool {
        guard isOpen else { return false }
        channel.write(packet, promise: nil)
        scheduleFlush()
        return true
    }

    /// Sends a request and passes on its response, or why there is none: always exactly once, on the event loop.
    ///
    /// - Parameter timeout: how long to wait; a response that comes later is ignored.
    public func request<Request: Message, Response: Message>(
        _ request: Request,
        expecting type: Response.Type,
        timeout: TimeAmount,
        completion: @escaping (Result<Response, WireError>) -> Void
    ) {
        guard isOpen else {
            completion(.failure(WireError(.connectionClosed, "the connection with \(peer) is closed")))
            return
        }
        let id = RequestID.random()
        let name = Request.protoMessageName
        let expiry = eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self] in
            guard let self, let expired = pending.removeValue(forKey: id) else { return }
            let seconds = timeout.nanoseconds / 1_000_000_000
            expired.finish(.failure(WireError(.timeout, "\(peer) did not answer \(name) within \(seconds) s")))
        }
        pending[id] = PendingRequest(expiry: expiry) { result in completion(WireConnection.decode(result)) }
        sendPacket { () throws(WireError) in try PacketHeader.packet(request, requestID: id) }
    }

    private static func decode<Response: Message>(
        _ result: Result<WirePacket, WireError>
    ) -> Result<Response, WireError> {
        Result { () throws(WireError) in
            let packet = try result.get()
            guard packet.typeName == Response.protoMessageName else {
                let message = "expected a \(Response.protoMessageName) as the response, got a \(packet.typeName)"
                throw WireError(.unexpectedResponse, message)
            }
            return try packet.decode(as: Response.self)
        }
    }

    /// A message that cannot be encoded lacks a required field: a mistake here, which ends the connection.
    private func sendPacket(_ make: () throws(WireError) -> ByteBuffer) {
        do {
            send(packet: try make())
        } catch {
            close(error)
        }
    }

    private func scheduleFlush() {
        guard !flushScheduled else { return }
        flushScheduled = true
        eventLoop.assumeIsolated().execute { [self] in
            flushScheduled = false
            if isOpen { channel.flush() }
        }
    }

    // MARK: Reading

    /// Stops or resumes reading from the socket; packets that were read already are still delivered.
    public func setReading(_ enabled: Bool) {
        guard isOpen else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: enabled)
        if enabled { channel.read() }
    }

    func receive(_ packet: WirePacket) throws(WireError) {
        if !packet.requestID.isNone, let request = pending.removeValue(forKey: packet.requestID) {
            request.finish(.success(packet))
        } else if lastTypeName == packet.typeName, let lastHandler {
            try lastHandler(self, packet)
        } else if let handler = handlers.handler(for: packet.typeName) {
            lastTypeName = packet.typeName
            lastHandler = handler
            try handler(self, packet)
        } else {
            handlers.unhandled(self, packet)
        }
    }

    // MARK: Closing

    /// Closes the connection; what was sent and not flushed yet is still handed to the socket.
    ///
    /// - Parameter reason: told to the owner of the connection; nil for an orderly end.
    public func close(_ reason: WireError? = nil) {
        guard isOpen else { return }
        channel.flush()
        isOpen = false
        closeReason = reason
        channel.close(mode: .all, promise: nil)
    }

    /// The channel is gone: nothing can be answered any more.
    func channelClosed() {
        isOpen = false
        let requests = pending
        pending = [:]
        let error = closeReason ?? WireError(.connectionClosed, "the connection with \(peer) was closed")
        for request in requests.values { request.finish(.failure(error)) }
    }

    /// Notes why the channel is about to close, unless that is known already.
    func noteFailure(_ error: WireError) {
        if closeReason == nil { closeReason = error }
    }

    private static func describe(_ address: SocketAddress) -> String {
        guard let host = address.ipAddress, let port = address.port else { return address.description }
        return "\(host):\(port)"
    }
}

/// A request that waits for its response.
private struct PendingRequest {
    let expiry: Scheduled<Void>
    let completion: (Result<WirePacket, WireError>) -> Void

    func finish(_ result: Result<WirePacket, WireError>) {
        expiry.cancel()
        completion(result)
    }
}
