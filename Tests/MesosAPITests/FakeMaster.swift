import MesosProtocol
import NIOCore
import NIOPosix
import Synchronization

/// A request that a ``FakeMaster`` got.
struct FakeRequest: Sendable {
    let target: String
    /// By name in lower case.
    let headers: [String: String]
    let body: [UInt8]
    /// Which of the connections, from 1.
    let connection: Int

    var call: MesosCall { get throws { try MesosCall(serializedBytes: body, partial: true) } }
}

/// What a ``FakeMaster`` does about a request; ends the connection by throwing.
typealias Answer = @Sendable (FakeRequest, FakeConnection) async throws -> Void

/// Ends a connection.
struct HangUp: Error {}

/// An HTTP server that does what a test tells it to, byte by byte.
final class FakeMaster: Sendable {
    private struct State {
        var subscribes: [Answer]
        var requests: [FakeRequest] = []
        var connections: [(channel: any Channel, task: Task<Void, Never>)] = []
        var isClosed = false
        var port = 0
    }

    private let state: Mutex<State>
    private let other: Answer

    var port: Int { state.withLock(\.port) }
    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [FakeRequest] { state.withLock(\.requests) }
    /// The requests that are calls of a subscription.
    var calls: [MesosCall] { requests.compactMap { try? $0.call }.filter { $0.type != .subscribe } }

    private init(_ subscribes: [Answer], _ other: @escaping Answer) {
        state = Mutex(State(subscribes: subscribes))
        self.other = other
    }

    /// Gives a master to a test.
    ///
    /// - Parameter subscribes: what it does about one SUBSCRIBE after another; the last one stays.
    /// - Parameter other: what it does about everything else.
    static func use(
        _ subscribes: [Answer],
        calls other: @escaping Answer = status(202),
        _ body: (FakeMaster) async throws -> Void
    ) async throws {
        let master = FakeMaster(subscribes, other)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (data, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
                    try channel.pipeline.syncOperations.addHandler(Forwarding(continuation))
                    master.accept(channel, data)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        master.state.withLock { $0.port = listener.localAddress?.port ?? 0 }
        do { try await body(master) } catch {
            await master.end(listener)
            throw error
        }
        await master.end(listener)
    }

    private func accept(_ channel: any Channel, _ data: AsyncStream<ByteBuffer>) {
        state.withLock { state in
            guard !state.isClosed else { return channel.close(promise: nil) }
            let number = state.connections.count + 1
            state.connections.append((channel, Task { await self.serve(channel, data, number) }))
        }
    }

    private func serve(_ channel: any Channel, _ data: AsyncStream<ByteBuffer>, _ number: Int) async {
        let connection = FakeConnection(data, channel)
        do {
            while let request = try await connection.request(number) {
                state.withLock { $0.requests.append(request) }
                try await answer(to: request)(request, connection)
            }
        } catch {
            // How a test ends a connection.
        }
        try? await channel.close()
    }

    private func answer(to request: FakeRequest) -> Answer {
        guard request.target == "/api/v1/scheduler", (try? request.call.type) == .subscribe else { return other }
        return state.withLock { $0.subscribes.count > 1 ? $0.subscribes.removeFirst() : $0.subscribes[0] }
    }

    private func end(_ listener: any Channel) async {
        try? await listener.close()
        let connections = state.withLock { state in
            state.isClosed = true
            return state.connections
        }
        for connection in connections {
            connection.task.cancel()
            await connection.task.value
        }
    }
}

/// Hands on what comes on a connection.
private final class Forwarding: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// One connection of a ``FakeMaster``, of one task.
final class FakeConnection {
    private var inbound: AsyncStream<ByteBuffer>.AsyncIterator
    private let channel: any Channel
    private var received: [UInt8] = []

    init(_ inbound: AsyncStream<ByteBuffer>, _ channel: any Channel) {
        self.inbound = inbound.makeAsyncIterator()
        self.channel = channel
    }

    /// The next request; nil at the connection's end.
    func request(_ number: Int) async throws -> FakeRequest? {
        var end = headEnd
        while end == nil {
            guard await read() else { return nil }
            end = headEnd
        }
        guard let end else { return nil }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        let headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
            },
            uniquingKeysWith: { "\($0),\($1)" }
        )
        let length = end + 4 + (headers["content-length"].flatMap { Int($0) } ?? 0)
        while received.count < length {
            guard await read() else { return nil }
        }
        let body = Array(received[(end + 4)..<length])
        received.removeFirst(length)
        let target = lines[0].split(separator: " ")[1]
        return FakeRequest(target: String(target), headers: headers, body: body, connection: number)
    }

    func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Waits until the client closes the connection.
    func hold() async throws {
        while await read() {}
        throw HangUp()
    }

    private var headEnd: Int? {
        received.indices.first { received[$0...].starts(with: Array("\r\n\r\n".utf8)) }
    }

    private func read() async -> Bool {
        guard let data = await inbound.next(isolation: nil) else { return false }
        received += Array(data.readableBytesView)
        return true
    }
}

/// Streams.
extension FakeConnection {
    func open(_ streamID: String? = "stream-1", type: String = "application/x-protobuf") async throws {
        let id = streamID.map { "Mesos-Stream-Id: \($0)\r\n" } ?? ""
        try await write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: \(type)\r\n\(id)\r\n")
    }

    /// One chunk.
    func chunk(_ bytes: [UInt8]) async throws {
        try await write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
    }

    /// One event as one chunk.
    func send(_ event: MesosEvent) async throws {
        try await chunk(record(event))
    }

    /// Ends the stream, not the connection.
    func endStream() async throws {
        try await write("0\r\n\r\n")
    }
}

/// An event as it is framed.
func record(_ event: MesosEvent) throws -> [UInt8] {
    let bytes: [UInt8] = try event.serializedBytes(partial: true)
    return Array("\(bytes.count)\n".utf8) + bytes
}

/// An answer that is no stream.
func status(_ status: Int, _ body: String = "", headers: String = "") -> Answer {
    { _, connection in
        try await connection.write(
            "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}

func redirect(to location: String) -> Answer {
    status(307, headers: "Location: \(location)\r\n")
}

/// A subscription; what follows it is the test's, and without anything it stays.
func accept(
    _ streamID: String = "stream-1",
    heartbeat: Double = 15,
    then next: @escaping Answer = { try await $1.hold() }
) -> Answer {
    { request, connection in
        try await connection.open(streamID)
        try await connection.send(subscribed(heartbeat: heartbeat))
        try await next(request, connection)
    }
}

func subscribed(_ id: String = "framework-1", heartbeat: Double = 15) -> MesosEvent {
    var event = MesosEvent()
    event.type = .subscribed
    event.subscribed.frameworkID.value = id
    event.subscribed.heartbeatIntervalSeconds = heartbeat
    event.subscribed.masterInfo.id = "master-1"
    return event
}

func event(_ type: MesosEvent.TypeEnum) -> MesosEvent {
    var event = MesosEvent()
    event.type = type
    return event
}

/// An event that names an offer.
func rescind(_ offer: String) -> MesosEvent {
    var event = event(.rescind)
    event.rescind.offerID.value = offer
    return event
}
