import NIOCore

/// Turns a channel's bytes into packets for its connection; thin, so that what decides can be tested without a channel.
final class WireChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: WireConnection
    private let opened: (WireConnection) -> Void
    private let closed: (WireConnection, WireError?) -> Void
    private var decoder: PacketDecoder

    init(
        connection: WireConnection,
        maximumPacketSize: Int,
        opened: @escaping (WireConnection) -> Void,
        closed: @escaping (WireConnection, WireError?) -> Void
    ) {
        self.connection = connection
        self.opened = opened
        self.closed = closed
        decoder = PacketDecoder(maximumPacketSize: maximumPacketSize)
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(connection)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.feed(unwrapInboundIn(data))
        do {
            while connection.isOpen, let packet = try decoder.next() {
                try connection.receive(packet)
            }
        } catch {
            connection.close(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if decoder.unreadBytes > 0, connection.isOpen {
            connection.noteFailure(WireError(.connectionClosed, "\(connection.peer) closed in the middle of a packet"))
        }
        connection.channelClosed()
        closed(connection, connection.closeReason)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let message = "the connection with \(connection.peer) failed: \(SystemMessage.of(error))"
        connection.close(WireError(.connectionClosed, message))
    }
}
