import Glibc
import NIOCore

/// Keeps a listening socket from being asked again and again for connections that cannot be taken, for want of
/// descriptors or memory: it waits a second instead, and goes on when there are some again.
///
/// NIO's own `AcceptBackoffHandler` leaves the socket registered, and so the event loop busy. A `NIOAsyncChannel` ends
/// with the first such error if it sees it.
public final class AcceptPause: ChannelInboundHandler {
    public typealias InboundIn = any Channel

    private static let pause: TimeAmount = .seconds(1)

    private let report: (String) -> Void
    private var isPaused = false

    /// - Parameter report: called on the channel's event loop with one line, once in a pause.
    public init(report: @escaping (String) -> Void) {
        self.report = report
    }

    /// Adds one in front of all other handlers of a listening channel; call it on the channel's event loop.
    public static func add(to server: any Channel, report: @escaping (String) -> Void) throws {
        try server.pipeline.syncOperations.addHandler(AcceptPause(report: report), position: .first)
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, AcceptPause.passes(error) else { return context.fireErrorCaught(error) }
        guard !isPaused else { return }
        isPaused = true
        let port: String = context.localAddress?.port.map { "port \($0)" } ?? "the port"
        report(
            "cannot take connections at \(port): \(AcceptPause.words(error.errnoCode)); close some, or raise the limit of "
                + "descriptors (ulimit -n)"
        )
        setAccepting(false, context.channel)
        let channel = NIOLoopBound(context.channel, eventLoop: context.eventLoop)
        context.eventLoop.assumeIsolated().scheduleTask(in: AcceptPause.pause) { [self] in
            isPaused = false
            setAccepting(true, channel.value)
        }
    }

    /// Fails only if the channel has been closed meanwhile.
    private func setAccepting(_ accepting: Bool, _ channel: any Channel) {
        try? channel.syncOptions?.setOption(.autoRead, value: accepting)
    }

    /// Whether it is not the socket's own fault.
    private static func passes(_ error: IOError) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED].contains(error.errnoCode)
    }

    private static func words(_ code: CInt) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}
