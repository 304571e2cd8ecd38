import NIOCore
import NIOPosix

/// An HTTP server of a test: one scripted answer for each path, one request on each connection.
final class FileServer: Sendable {
    enum Answer: Sendable {
        case found([UInt8])
        case redirect(String)
        case refused(String)
        /// Ends the connection in the middle of the body.
        case broken
        /// Says nothing and keeps the connection.
        case silence
    }

    let port: Int
    /// The path of each request, in the order in which they came.
    let requests: AsyncStream<String>
    private let channel: any Channel

    private init(_ answers: [String: Answer]) async throws {
        let (requests, request) = AsyncStream.makeStream(of: String.self)
        self.requests = requests
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Responder(answers, request))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Serves answers, by path, while a test runs.
    static func run(_ answers: [String: Answer], _ body: (FileServer) async throws -> Void) async throws {
        let server = try await FileServer(answers)
        do {
            try await body(server)
        } catch {
            try? await server.channel.close()
            throw error
        }
        try await server.channel.close()
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Waits until something was asked for.
    func firstRequest() async -> String? { await requests.first { _ in true } }
}

/// Answers the request of one connection.
private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answers: [String: FileServer.Answer]
    private let request: AsyncStream<String>.Continuation
    private var head = ""

    init(_ answers: [String: FileServer.Answer], _ request: AsyncStream<String>.Continuation) {
        self.answers = answers
        self.request = request
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        guard head.hasSuffix("\r\n\r\n") else { return }
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        let path = words.count > 1 ? String(words[1]) : ""
        request.yield(path)
        guard let bytes = Self.bytes(answers[path] ?? .refused("404 Not Found")) else { return }
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// nil for no answer.
    private static func bytes(_ answer: FileServer.Answer) -> [UInt8]? {
        switch answer {
        case .found(let body): Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
        case .redirect(let location):
            Array("HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n".utf8)
        case .refused(let status): Array("HTTP/1.1 \(status)\r\nContent-Length: 4\r\n\r\noops".utf8)
        case .broken: Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this".utf8)
        case .silence: nil
        }
    }
}
