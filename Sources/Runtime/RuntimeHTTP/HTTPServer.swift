import Listening
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server for the processes of a container: control and statistics, no TLS, no routing.
///
/// Everything a client can make it use is bounded: header, body, connections and the time that each step takes. Files are
/// sent in pieces. The handler is called from many tasks at once.
public final class HTTPServer: Sendable {
    /// Answers a request. Must not block its thread.
    public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// The port that the server listens on.
    public let port: Int

    private let listener: NIOAsyncChannel<HTTPConnection.AsyncChannel, Never>
    private let connections: OpenConnections
    private let acceptor: Task<Void, Never>

    private init(
        listener: NIOAsyncChannel<HTTPConnection.AsyncChannel, Never>,
        settings: HTTPServerSettings,
        handler: @escaping Handler
    ) {
        let connections = OpenConnections()
        self.port = listener.channel.localAddress?.port ?? settings.port
        self.listener = listener
        self.connections = connections
        self.acceptor = Task {
            await HTTPServer.accept(listener, connections, settings, handler)
        }
    }

    /// Binds the address and begins to serve. The group stays the caller's; throws ``HTTPServerError``.
    public static func start(
        _ settings: HTTPServerSettings,
        group: any EventLoopGroup,
        handler: @escaping Handler
    ) async throws -> HTTPServer {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try AcceptPause.add(to: channel, report: settings.onAcceptFailure)
                }
            }
        do {
            let listener = try await bootstrap.bind(
                host: settings.host,
                port: settings.port,
                serverBackPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)
            ) { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, settings) }
            }
            return HTTPServer(listener: listener, settings: settings, handler: handler)
        } catch {
            throw HTTPServerError(cannotListenOn: settings, error)
        }
    }

    /// Accepts nothing more, lets the requests that are being handled finish for at most `grace`, and closes the rest.
    public func stop(grace: Duration = .seconds(5)) async {
        listener.channel.close(promise: nil)
        connections.stop()
        let timer = Task { [acceptor] in
            try await Task.sleep(for: grace)
            acceptor.cancel()
        }
        await acceptor.value
        timer.cancel()
    }

    private static func configure(
        _ channel: any Channel,
        _ settings: HTTPServerSettings
    ) throws -> HTTPConnection.AsyncChannel {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.maxHeaderBytes
        limits.maxHeaderListSize = settings.maxHeaderBytes
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits
        )
        try pipeline.addHandler(ConnectionGuard(settings))
        return try HTTPConnection.AsyncChannel(wrappingChannelSynchronously: channel)
    }

    private static func accept(
        _ listener: NIOAsyncChannel<HTTPConnection.AsyncChannel, Never>,
        _ connections: OpenConnections,
        _ settings: HTTPServerSettings,
        _ handler: @escaping Handler
    ) async {
        // The listener only fails when it is closed or the task is cancelled; both mean the end.
        try? await listener.executeThenClose { inbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                var count = 0
                for try await channel in inbound {
                    if count == settings.maxConnections {
                        try await group.next()
                        count -= 1
                    }
                    count += 1
                    group.addTask {
                        connections.add(channel.channel)
                        await HTTPConnection(channel: channel, maxBodyBytes: settings.maxBodyBytes, handler: handler)
                            .run()
                        connections.remove(channel.channel)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
