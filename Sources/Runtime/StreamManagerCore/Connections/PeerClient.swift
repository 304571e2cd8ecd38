import HeronModel
import HeronWire
import Logging
import NIOCore

/// The connection to one other stream manager, for the tuples that go there; tried again for ever.
///
/// Confined to its event loop.
final class PeerClient {
    /// How much is kept for a peer that was never reached yet: everything starts at the same time.
    private static let maximumHeldBytes = 4 << 20
    private static let helloTimeout = TimeAmount.seconds(10)
    /// Every how many failed attempts there is a line about them.
    private static let attemptsPerLine = 60

    /// Called when the peer has accepted the hello.
    var onReady: (PeerClient) -> Void = { _ in }
    /// Called with the number of tuples that were held for the first connection when the peer is given up.
    var onLoss: (Int) -> Void = { _ in }

    let stmgr: String
    let host: String
    let port: Int
    private let options: StreamManagerOptions
    private let logger: Logger
    private let client: WireClient
    /// Whether the peer has accepted the hello on the present connection, and whether it ever has on one.
    private var (isReady, wasReady) = (false, false)
    /// Packets for the first connection.
    private var held: [(packet: ByteBuffer, tuples: Int)] = []
    private var heldBytes = 0

    init(_ peer: StMgr, eventLoop: any EventLoop, options: StreamManagerOptions, logger: Logger) {
        stmgr = peer.id
        host = peer.hostName
        port = Int(peer.dataPort)
        self.options = options
        self.logger = logger
        let settings = WireClient.Settings(
            maximumPacketSize: options.tuning.maximumPacketSize,
            reconnectInterval: options.tuning.peerReconnectInterval
        )
        client = WireClient(eventLoop: eventLoop, host: host, port: port, settings: settings, handlers: WireHandlers())
    }

    func start() {
        client.onConnect = { [weak self] in self?.sayHello(on: $0) }
        client.onDisconnect = { [weak self] in self?.disconnected($1) }
        client.onConnectFailure = { [weak self] in self?.failed($0, attempt: $1) }
        client.start()
    }

    /// Ends the connection; what was still held is lost.
    func stop() {
        client.stop()
        onLoss(held.reduce(0) { $0 + $1.tuples })
        held = []
        heldBytes = 0
    }

    /// Sends a packet of tuples; false if the peer is not connected and the tuples are lost.
    func send(_ packet: ByteBuffer, tuples: Int) -> Bool {
        if isReady, let connection = client.connection { return connection.send(packet: packet) }
        guard !wasReady, heldBytes + packet.readableBytes <= PeerClient.maximumHeldBytes else { return false }
        held.append((packet, tuples))
        heldBytes += packet.readableBytes
        return true
    }

    /// Tells the peer that receivers here became too slow, or that they are no longer. Nothing if it is not connected.
    func announceBackPressure(started: Bool) {
        guard isReady, let connection = client.connection else { return }
        // 32 characters that are different each time, as Heron sends them.
        let messageID = String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16)
        let padded = String(repeating: "0", count: 32 - messageID.count) + messageID
        if started {
            var message = Heron_Proto_Stmgr_StartBackPressureMessage()
            (message.topologyName, message.topologyID) = (options.topologyName, options.topologyID)
            (message.stmgr, message.messageID) = (options.id, padded)
            connection.send(message)
        } else {
            var message = Heron_Proto_Stmgr_StopBackPressureMessage()
            (message.topologyName, message.topologyID) = (options.topologyName, options.topologyID)
            (message.stmgr, message.messageID) = (options.id, padded)
            connection.send(message)
        }
    }

    /// Bytes that the peer has not taken yet.
    var unsentBytes: Int { client.connection?.unsentBytes ?? 0 }

    private func sayHello(on connection: WireConnection) {
        var hello = Heron_Proto_Stmgr_StrMgrHelloRequest()
        hello.topologyName = options.topologyName
        hello.topologyID = options.topologyID
        hello.stmgr = options.id
        connection.request(
            hello,
            expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self,
            timeout: PeerClient.helloTimeout
        ) { [weak self] in self?.answered($0, on: connection) }
    }

    private func answered(
        _ result: Result<Heron_Proto_Stmgr_StrMgrHelloResponse, WireError>,
        on connection: WireConnection
    ) {
        switch result {
        case .success(let response) where response.status.status == .ok: ready(on: connection)
        case .success(let response):
            connection.close(WireError(.refused, "it refused the hello: \(response.status.message)"))
        case .failure(let error): connection.close(error)
        }
    }

    private func ready(on connection: WireConnection) {
        logger.info("connected to \(stmgr) at \(host):\(port)")
        client.connectionIsGood()
        isReady = true
        wasReady = true
        onReady(self)
        for entry in held { connection.send(packet: entry.packet) }
        held = []
        heldBytes = 0
    }

    private func disconnected(_ reason: WireError?) {
        isReady = false
        logger.warning("the connection to \(stmgr) at \(host):\(port) ended: \(reason?.message ?? "closed")")
    }

    private func failed(_ error: WireError, attempt: Int) {
        guard attempt % PeerClient.attemptsPerLine == 1 else { return }
        logger.warning("\(stmgr) cannot be reached (attempt \(attempt)): \(error)")
    }
}
