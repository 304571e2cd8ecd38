import HeronModel

/// What a server or client does with the packets it takes, by type name.
///
/// Every handler runs on the connection's event loop. A handler that throws ends the connection with that error; typed
/// handlers do so for a body that is not the message.
public struct WireHandlers {
    /// Handles one packet of a registered type.
    public typealias PacketHandler = (WireConnection, WirePacket) throws(WireError) -> Void

    private var handlers: [String: PacketHandler] = [:]
    /// Told of packets that nobody handles and that answer no request; they are otherwise ignored, as Heron does.
    public var unhandled: (WireConnection, WirePacket) -> Void = { _, _ in }

    public init() {}

    /// Takes requests of a type; the handler answers with ``WireConnection/respond(_:to:)``, now or later.
    public mutating func onRequest<Request: Message>(
        _ type: Request.Type,
        _ handle: @escaping (WireConnection, Request, RequestID) -> Void
    ) {
        onPacket(Request.protoMessageName) { (connection, packet) throws(WireError) in
            handle(connection, try packet.decode(as: Request.self), packet.requestID)
        }
    }

    /// Takes one-way messages of a type.
    public mutating func onMessage<M: Message>(_ type: M.Type, _ handle: @escaping (WireConnection, M) -> Void) {
        onPacket(M.protoMessageName) { (connection, packet) throws(WireError) in
            handle(connection, try packet.decode(as: M.self))
        }
    }

    /// Takes packets of a type undecoded: the hot path.
    public mutating func onPacket(_ typeName: String, _ handle: @escaping PacketHandler) {
        handlers[typeName] = handle
    }

    func handler(for typeName: String) -> PacketHandler? {
        handlers[typeName]
    }
}
