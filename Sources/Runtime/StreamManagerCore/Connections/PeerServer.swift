import HeronModel
import HeronWire
import Logging
import NIOCore

/// The port for the other stream managers, which are clients of it: their tuples and their back pressure.
///
/// Confined to its event loop. Lives until it is closed, like ``InstanceServer``.
final class PeerServer {
    /// Called with every body of a `TupleStreamMessage`.
    var onTuples: (_ message: ByteBuffer) throws(WireError) -> Void = { _ in }
    /// Called when a peer's receivers became too slow (true), and when they are no longer or the peer is gone (false).
    var onBackPressure: (_ stmgr: String, _ started: Bool) -> Void = { _, _ in }

    private let eventLoop: any EventLoop
    private let options: StreamManagerOptions
    private let logger: Logger
    private var server: WireServer?
    private var connections: [String: WireConnection] = [:]
    private var peers: [ObjectIdentifier: String] = [:]
    private var unhandled = UnhandledPackets()

    init(eventLoop: any EventLoop, options: StreamManagerOptions, logger: Logger) {
        self.eventLoop = eventLoop
        self.options = options
        self.logger = logger
    }

    /// Listens on all interfaces; the result is the port.
    func listen(port: Int) -> EventLoopFuture<Int> {
        let server = WireServer(
            eventLoop: eventLoop,
            maximumPacketSize: options.tuning.maximumPacketSize,
            handlers: handlers()
        )
        server.introductionLimit = options.tuning.introductionLimit
        server.onDisconnect = { [self] in disconnected($0, $1) }
        server.onAcceptFailure = { [logger] in logger.error("\($0)") }
        self.server = server
        return server.listen(host: "0.0.0.0", port: port)
    }

    func close() -> EventLoopFuture<Void> {
        onTuples = { _ in }
        defer { server = nil }
        return server?.close() ?? eventLoop.makeSucceededVoidFuture()
    }

    private func handlers() -> WireHandlers {
        var handlers = WireHandlers()
        handlers.onRequest(Heron_Proto_Stmgr_StrMgrHelloRequest.self) { [self] connection, hello, id in
            greet(hello, id, on: connection)
        }
        handlers.onPacket(Heron_Proto_Stmgr_TupleStreamMessage.protoMessageName) {
            [self] (connection, packet) throws(WireError) in
            _ = try peer(connection, sending: packet)
            try onTuples(packet.body)
        }
        handlers.onPacket(Heron_Proto_Stmgr_StartBackPressureMessage.protoMessageName) {
            [self] (connection, packet) throws(WireError) in
            onBackPressure(try peer(connection, sending: packet), true)
        }
        handlers.onPacket(Heron_Proto_Stmgr_StopBackPressureMessage.protoMessageName) {
            [self] (connection, packet) throws(WireError) in
            onBackPressure(try peer(connection, sending: packet), false)
        }
        handlers.unhandled = { [self] connection, packet in
            guard let line = unhandled.note(packet, from: connection) else { return }
            logger.warning("\(line)")
        }
        return handlers
    }

    /// The peer of a connection, which must have said hello before anything else.
    private func peer(_ connection: WireConnection, sending packet: WirePacket) throws(WireError) -> String {
        guard let peer = peers[ObjectIdentifier(connection)] else {
            throw WireError(.refused, "\(connection.peer) sent a \(packet.typeName) before its hello")
        }
        return peer
    }

    private func greet(_ hello: Heron_Proto_Stmgr_StrMgrHelloRequest, _ id: RequestID, on connection: WireConnection) {
        var response = Heron_Proto_Stmgr_StrMgrHelloResponse()
        if let reason = refusal(of: hello, on: connection) {
            logger.warning("refused \(hello.stmgr) from \(connection.peer): \(reason)")
            response.status.status = .notok
            response.status.message = reason
        } else {
            logger.info("\(hello.stmgr) has connected from \(connection.peer)")
            connections[hello.stmgr] = connection
            connection.isIntroduced = true
            peers[ObjectIdentifier(connection)] = hello.stmgr
            response.status.status = .ok
        }
        connection.respond(response, to: id)
    }

    /// A peer whose id is connected already is refused, and its old connection closed: the next hello succeeds.
    private func refusal(of hello: Heron_Proto_Stmgr_StrMgrHelloRequest, on connection: WireConnection) -> String? {
        if hello.topologyName != options.topologyName || hello.topologyID != options.topologyID {
            return "it belongs to topology \(hello.topologyName) (\(hello.topologyID)), this is \(options.topologyID)"
        }
        if let peer = peers[ObjectIdentifier(connection)], peer != hello.stmgr {
            return "the connection belongs to \(peer)"
        }
        if let old = connections[hello.stmgr], old !== connection {
            old.close(WireError(.refused, "\(hello.stmgr) has connected again"))
            return "it is connected already; that connection is closed now"
        }
        return nil
    }

    private func disconnected(_ connection: WireConnection, _ reason: WireError?) {
        guard let peer = peers.removeValue(forKey: ObjectIdentifier(connection)) else { return }
        if connections[peer] === connection { connections[peer] = nil }
        logger.info("\(peer) has disconnected\(reason.map { ": \($0)" } ?? "")")
        onBackPressure(peer, false)
    }
}
