import NIOCore
import NIOPosix

/// A TCP connection of a test, byte for byte.
final class WireConnection: Sendable {
    /// What came: data, or the end of what the other side sends.
    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let input: AsyncStream<[UInt8]>.Continuation

        init(_ input: AsyncStream<[UInt8]>.Continuation) { self.input = input }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) { input.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    let received: AsyncStream<[UInt8]>
    private let channel: any Channel

    init(port: Int) async throws {
        let (received, input) = AsyncStream.makeStream(of: [UInt8].self)
        self.received = received
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(input))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Ends only what this side sends.
    func endOutput() async throws { try await channel.close(mode: .output) }

    func close() { channel.close(promise: nil) }

    deinit { channel.close(promise: nil) }
}
