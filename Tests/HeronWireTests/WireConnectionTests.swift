import HeronModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HeronWire

private typealias Hello = Heron_Proto_Stmgr_StrMgrHelloRequest
private typealias HelloResponse = Heron_Proto_Stmgr_StrMgrHelloResponse
private typealias Start = Heron_Proto_Stmgr_StartBackPressureMessage

/// A server and a client on one event loop, and what happened to them.
private final class Pair: Sendable {
    /// One thing that a callback reported.
    enum Event: Equatable {
        case serverConnected
        case serverDisconnected(WireError.Code?)
        case clientConnected
        case clientDisconnected(WireError.Code?)
        case clientFailed
        case message(String)
        case unhandled(String)
        case response(Result<String, WireError>)
    }

    let loop: any EventLoop
    let events: AsyncStream<Event>
    private let report: AsyncStream<Event>.Continuation
    private let server: NIOLoopBound<WireServer>
    private let client = Mutex<NIOLoopBound<WireClient>?>(nil)

    /// - Parameter answers: whether the server answers hellos.
    init(answers: Bool = true, maximumPacketSize: Int = 1024) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (events, report) = AsyncStream.makeStream(of: Event.self)
        self.loop = loop
        self.events = events
        self.report = report
        server = try await loop.submit {
            var handlers = WireHandlers()
            handlers.onRequest(Hello.self) { connection, hello, id in
                var response = HelloResponse()
                response.status.status = .ok
                response.status.message = hello.stmgr
                if answers { connection.respond(response, to: id) }
            }
            handlers.onMessage(Start.self) { _, message in report.yield(.message(message.stmgr)) }
            handlers.unhandled = { _, packet in report.yield(.unhandled(packet.typeName)) }
            let server = WireServer(eventLoop: loop, maximumPacketSize: maximumPacketSize, handlers: handlers)
            server.onConnect = { _ in report.yield(.serverConnected) }
            server.onDisconnect = { report.yield(.serverDisconnected($1?.code)) }
            return NIOLoopBound(server, eventLoop: loop)
        }.get()
    }

    func listen(port: Int = 0) async throws -> Int {
        try await loop.flatSubmit { [server] in server.value.listen(host: "127.0.0.1", port: port) }.get()
    }

    func connect(port: Int) async throws {
        let client = try await loop.submit { [loop, report] in
            let settings = WireClient.Settings(maximumPacketSize: 1024, reconnectInterval: .milliseconds(5))
            let client = WireClient(
                eventLoop: loop,
                host: "127.0.0.1",
                port: port,
                settings: settings,
                handlers: WireHandlers()
            )
            client.onConnect = { _ in report.yield(.clientConnected) }
            client.onDisconnect = { report.yield(.clientDisconnected($1?.code)) }
            client.onConnectFailure = { _, _ in report.yield(.clientFailed) }
            client.start()
            return NIOLoopBound(client, eventLoop: loop)
        }.get()
        self.client.withLock { $0 = client }
    }

    func withConnection(_ body: @escaping @Sendable (WireConnection) -> Void) async throws {
        let client = client.withLock { $0 }
        try await loop.submit { client?.value.connection.map(body) }.get()
    }

    /// Sends a hello; its outcome is an event.
    func hello(_ name: String, timeout: TimeAmount = .seconds(30)) async throws {
        try await withConnection { [report] connection in
            var hello = Hello()
            (hello.topologyName, hello.topologyID, hello.stmgr) = ("t", "t1", name)
            connection.request(hello, expecting: HelloResponse.self, timeout: timeout) {
                report.yield(.response($0.map(\.status.message)))
            }
        }
    }

    func closeServer() async throws {
        try await loop.flatSubmit { [server] in server.value.close() }.get()
    }

    func close() async throws {
        let client = client.withLock { $0 }
        try await loop.submit { client?.value.stop() }.get()
        try await closeServer()
    }

    /// Waits until the event has happened; others before it are passed over.
    func wait(for event: Event) async -> Bool {
        await events.first { $0 == event } != nil
    }
}

@Suite(.timeLimit(.minutes(1))) struct WireConnectionTests {
    @Test func answersRequestsAndTakesMessages() async throws {
        let pair = try await Pair()
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.hello("a")
        #expect(await pair.wait(for: .response(.success("a"))))
        try await pair.withConnection { connection in
            var message = Start()
            (message.topologyName, message.topologyID) = ("t", "t1")
            (message.stmgr, message.messageID) = ("b", "1")
            connection.send(message)
        }
        #expect(await pair.wait(for: .message("b")))
        try await pair.close()
    }

    @Test func ignoresPacketsOfUnknownTypes() async throws {
        let pair = try await Pair()
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.withConnection { connection in
            connection.send(packet: PacketHeader(typeName: "heron.proto.Unknown").packet([1, 2].span.bytes))
        }
        #expect(await pair.wait(for: .unhandled("heron.proto.Unknown")))
        try await pair.hello("still there")
        #expect(await pair.wait(for: .response(.success("still there"))))
        try await pair.close()
    }

    @Test func requestsTimeOut() async throws {
        let pair = try await Pair(answers: false)
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.hello("a", timeout: .milliseconds(1))
        let outcome = await pair.events.first { if case .response = $0 { true } else { false } }
        guard case .response(.failure(let error)) = outcome else {
            Issue.record("expected a failure, got \(String(describing: outcome))")
            return
        }
        #expect(error.code == .timeout)
        try await pair.close()
    }

    @Test func aRequestWhoseConnectionEndsFails() async throws {
        let pair = try await Pair(answers: false)
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.hello("a")
        try await pair.withConnection { $0.close(WireError(.refused, "enough")) }
        #expect(await pair.wait(for: .response(.failure(WireError(.refused, "enough")))))
        try await pair.close()
    }

    @Test(
        arguments: [
            (WireError.Code.packetTooLarge, [0x7F, 0, 0, 0]),
            (.malformedPacket, [0, 0, 0, 1]),
        ] as [(WireError.Code, [UInt8])]
    )
    func badBytesEndTheConnectionAndTheClientComesBack(_ code: WireError.Code, _ bytes: [UInt8]) async throws {
        let pair = try await Pair()
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.withConnection { $0.send(packet: ByteBuffer(bytes: bytes)) }
        #expect(await pair.wait(for: .serverDisconnected(code)))
        #expect(await pair.wait(for: .serverConnected))
        try await pair.close()
    }

    @Test func aBodyThatIsNoMessageEndsTheConnection() async throws {
        let pair = try await Pair()
        try await pair.connect(port: try await pair.listen())
        #expect(await pair.wait(for: .clientConnected))
        try await pair.withConnection { $0.send(packet: PacketHeader(of: Start.self).packet([0xFF].span.bytes)) }
        #expect(await pair.wait(for: .serverDisconnected(.malformedMessage)))
        try await pair.close()
    }

    @Test func triesAgainUntilTheServerIsThere() async throws {
        let first = try await Pair()
        let port = try await first.listen()
        try await first.closeServer()
        let pair = try await Pair()
        try await pair.connect(port: port)
        #expect(await pair.wait(for: .clientFailed))
        #expect(try await pair.listen(port: port) == port)
        #expect(await pair.wait(for: .serverConnected))
        try await pair.close()
    }

    @Test func saysWhyItCannotListen() async throws {
        let first = try await Pair()
        let port = try await first.listen()
        let second = try await Pair()
        let error = await #expect(throws: WireError.self) { try await second.listen(port: port) }
        #expect(error?.code == .bindFailed)
        #expect(error?.message == "cannot listen on 127.0.0.1:\(port): Address already in use")
        try await first.close()
    }

    @Test func waitsLongerAfterEachFailureUpToTheLimit() {
        let settings = WireClient.Settings(
            maximumPacketSize: 1,
            reconnectInterval: .seconds(1),
            firstReconnectInterval: .milliseconds(100)
        )
        let waits = (0...6).map { settings.interval(afterFailures: $0).nanoseconds / 1_000_000 }
        #expect(waits == [100, 100, 200, 400, 800, 1000, 1000])
    }
}
