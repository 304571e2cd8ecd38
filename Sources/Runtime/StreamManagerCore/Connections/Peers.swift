import HeronModel
import HeronWire
import Logging
import NIOCore

/// The connections to all other stream managers of the plan.
///
/// Confined to its event loop.
final class Peers {
    /// Called when a peer has accepted the hello.
    var onReady: (PeerClient) -> Void = { _ in }
    /// Called with the number of tuples that were held for a peer and are lost.
    var onLoss: (Int) -> Void = { _ in }

    private let eventLoop: any EventLoop
    private let options: StreamManagerOptions
    private let logger: Logger
    private var clients: [String: PeerClient] = [:]

    init(eventLoop: any EventLoop, options: StreamManagerOptions, logger: Logger) {
        self.eventLoop = eventLoop
        self.options = options
        self.logger = logger
    }

    /// Connects to the stream managers of a plan, again to those that moved, and leaves those that are gone.
    func follow(_ stmgrs: [StMgr]) {
        let others = Dictionary(stmgrs.map { ($0.id, $0) }) { first, _ in first }.filter { $0.key != options.id }
        for (id, client) in clients where !isAt(client, others[id]) {
            client.stop()
            clients[id] = nil
        }
        for (id, stmgr) in others where clients[id] == nil {
            let client = PeerClient(stmgr, eventLoop: eventLoop, options: options, logger: logger)
            client.onReady = { [weak self] in self?.onReady($0) }
            client.onLoss = { [weak self] in self?.onLoss($0) }
            clients[id] = client
            client.start()
        }
    }

    private func isAt(_ client: PeerClient, _ stmgr: StMgr?) -> Bool {
        client.host == stmgr?.hostName && client.port == stmgr.map { Int($0.dataPort) }
    }

    func stop() {
        for client in clients.values { client.stop() }
        clients = [:]
    }

    /// Sends a packet of tuples to a stream manager; false if it is not connected and the tuples are lost.
    func send(_ packet: ByteBuffer, tuples: Int, to stmgr: String) -> Bool {
        clients[stmgr]?.send(packet, tuples: tuples) ?? false
    }

    /// Tells every connected peer about back pressure here.
    func announceBackPressure(started: Bool) {
        for client in clients.values { client.announceBackPressure(started: started) }
    }

    var unsent: UnsentBytes {
        clients.values.reduce(into: UnsentBytes()) { $0.add($1.unsentBytes) }
    }
}
