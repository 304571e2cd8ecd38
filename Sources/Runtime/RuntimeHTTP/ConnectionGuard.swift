import NIOCore
import NIOHTTP1

/// Closes connections of clients that are too slow, and those whose last response has gone out.
///
/// Stands behind NIO's pipelining handler, so that it sees one request and its response at a time. No timer runs while a
/// request is being handled.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let settings: HTTPServerSettings
    private var deadline: Scheduled<Void>?
    private var isResponding = false
    private var closesAfterResponse = false

    init(_ settings: HTTPServerSettings) {
        self.settings = settings
    }

    func channelActive(context: ChannelHandlerContext) {
        closeUnless(within: settings.idleTimeout, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: closeUnless(within: settings.bodyTimeout, context)
        case .body: break
        case .end:
            isResponding = true
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable {
            closeUnless(within: settings.writeTimeout, context)
        } else if isResponding {
            deadline?.cancel()
        }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            closesAfterResponse = !head.isKeepAlive
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            finishResponse(context, data, promise)
        }
    }

    private func finishResponse(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        isResponding = false
        closeUnless(within: settings.idleTimeout, context)
        let sent = promise ?? context.eventLoop.makePromise()
        if closesAfterResponse {
            let channel = context.channel
            sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.write(data, promise: sent)
    }

    private func closeUnless(within timeout: Duration, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
    }
}
