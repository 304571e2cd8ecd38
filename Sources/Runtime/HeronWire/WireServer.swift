import Listening
import NIOCore
import NIOPosix

/// Listens for connections that speak Heron's framing.
///
/// Confined to its event loop, on which the accepted connections live as well. Create and use it there; from elsewhere
/// go through `eventLoop.submit` with an `NIOLoopBound`.
public final class WireServer {
    public let eventLoop: any EventLoop
    /// Called when a connection was accepted.
    public var onConnect: (WireConnection) -> Void = { _ in }
    /// Called once for every accepted connection when it is gone, with the reason unless the end was orderly.
    public var onDisconnect: (WireConnection, WireError?) -> Void = { _, _ in }
    /// Called with one line when a connection cannot be taken, for want of descriptors or memory; it waits a second.
    public var onAcceptFailure: (String) -> Void = { _ in }
    /// How long a connection may stay open whose other side nobody knows, see ``WireConnection/isIntroduced``; nil for
    /// ever. Such connections would else take all descriptors from those that are expected.
    public var introductionLimit: TimeAmount?

    private let maximumPacketSize: Int
    private let handlers: WireHandlers
    private var channel: (any Channel)?
    private var connections: [ObjectIdentifier: WireConnection] = [:]

    /// - Parameter maximumPacketSize: bytes; a larger packet closes its connection.
    public init(eventLoop: any EventLoop, maximumPacketSize: Int, handlers: WireHandlers) {
        self.eventLoop = eventLoop
        self.maximumPacketSize = maximumPacketSize
        self.handlers = handlers
    }

    /// Starts listening; the result is the port, which differs from the given one if that is 0.
    ///
    /// Fails with a ``WireError`` of code `bindFailed`.
    public func listen(host: String, port: Int) -> EventLoopFuture<Int> {
        let server = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop, childGroup: eventLoop)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try AcceptPause.add(to: channel) { server.value.onAcceptFailure($0) }
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try server.value.accept(channel) }
            }
            .bind(host: host, port: port)
            .map { channel in
                server.value.channel = channel
                return channel.localAddress?.port ?? port
            }
            .flatMapErrorThrowing { error in
                throw WireError(.bindFailed, "cannot listen on \(host):\(port): \(SystemMessage.of(error))")
            }
    }

    /// Stops listening and closes every connection.
    public func close() -> EventLoopFuture<Void> {
        for connection in connections.values { connection.close() }
        guard let channel else { return eventLoop.makeSucceededVoidFuture() }
        self.channel = nil
        return channel.close(mode: .all).flatMapErrorThrowing { _ in }
    }

    private func accept(_ channel: any Channel) throws {
        let connection = WireConnection(channel: channel, handlers: handlers)
        let handler = WireChannelHandler(
            connection: connection,
            maximumPacketSize: maximumPacketSize,
            opened: { [weak self] in self?.opened($0) },
            closed: { [weak self] in self?.closed($0, $1) }
        )
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    private func opened(_ connection: WireConnection) {
        connections[ObjectIdentifier(connection)] = connection
        if let introductionLimit { expectIntroduction(of: connection, within: introductionLimit) }
        onConnect(connection)
    }

    private func expectIntroduction(of connection: WireConnection, within limit: TimeAmount) {
        eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak connection] in
            guard let connection, connection.isOpen, !connection.isIntroduced else { return }
            let seconds = Double(limit.nanoseconds) / 1e9
            connection.close(WireError(.timeout, "\(connection.peer) did not say within \(seconds) s who it is"))
        }
    }

    private func closed(_ connection: WireConnection, _ reason: WireError?) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        onDisconnect(connection, reason)
    }
}
