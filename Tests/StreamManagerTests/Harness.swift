import HeronModel
import HeronWire
import Logging
import NIOCore
import NIOPosix
import RuntimeConfig
import Synchronization
import Testing

@testable import StreamManagerCore

/// What arrived at a fake process, for one test to wait for.
final class Mailbox: Sendable {
    private let packets: AsyncStream<WirePacket>
    private let arrived: AsyncStream<WirePacket>.Continuation

    init() {
        (packets, arrived) = AsyncStream.makeStream(of: WirePacket.self)
    }

    func put(_ packet: WirePacket) {
        arrived.yield(packet)
    }

    /// The next packet, in the order of arrival; throws when the test's time is over.
    func next() async throws -> WirePacket {
        for await packet in packets { return packet }
        throw CancellationError()
    }

    /// The next message of a type; packets of other types are passed over.
    func next<M: Message>(_ type: M.Type) async throws -> M {
        while true {
            let packet = try await next()
            if packet.typeName == M.protoMessageName { return try packet.decode(as: type) }
        }
    }
}

/// A client that speaks Heron's framing, as an instance or a stream manager does.
final class FakeClient: Sendable {
    let mailbox = Mailbox()
    private let loop: any EventLoop
    private let client: NIOLoopBound<WireClient>

    /// - Parameter reconnectInterval: how long after the end of a connection the next one is made.
    init(port: Int, reconnectInterval: TimeAmount = .milliseconds(5)) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        let promise = loop.makePromise(of: Void.self)
        client = try await loop.submit { [mailbox] in
            var handlers = WireHandlers()
            handlers.unhandled = { _, packet in mailbox.put(packet) }
            let client = WireClient(
                eventLoop: loop,
                host: "127.0.0.1",
                port: port,
                settings: .init(maximumPacketSize: 10 << 20, reconnectInterval: reconnectInterval),
                handlers: handlers
            )
            client.onConnect = { _ in promise.succeed() }
            client.start()
            return NIOLoopBound(client, eventLoop: loop)
        }.get()
        try await promise.futureResult.get()
    }

    func send<M: Message>(_ message: M) async throws {
        try await loop.submit { [client] in client.value.connection?.send(message) }.get()
    }

    func send(packet: ByteBuffer) async throws {
        _ = try await loop.submit { [client] in client.value.connection?.send(packet: packet) }.get()
    }

    func request<Request: Message, Response: Message>(
        _ request: Request,
        expecting type: Response.Type
    ) async throws -> Response {
        let promise = loop.makePromise(of: Response.self)
        loop.execute { [client] in
            guard let connection = client.value.connection else {
                promise.fail(WireError(.connectionClosed, "not connected"))
                return
            }
            connection.request(request, expecting: type, timeout: .seconds(30)) {
                promise.completeWith($0.mapError { $0 as any Error })
            }
        }
        return try await promise.futureResult.get()
    }

    func setReading(_ enabled: Bool) async throws {
        try await loop.submit { [client] in client.value.connection?.setReading(enabled) }.get()
    }

    var unsentBytes: Int {
        get async throws {
            try await loop.submit { [client] in client.value.connection?.unsentBytes ?? 0 }.get()
        }
    }

    func close() async throws {
        try await loop.submit { [client] in client.value.stop() }.get()
    }

    /// Registers as an instance and returns the answer.
    func register(_ instance: Instance, topologyID: String = Fixture.id) async throws
        -> Heron_Proto_Stmgr_RegisterInstanceResponse
    {
        var request = Heron_Proto_Stmgr_RegisterInstanceRequest()
        request.instance = instance
        request.topologyName = Fixture.name
        request.topologyID = topologyID
        return try await self.request(request, expecting: Heron_Proto_Stmgr_RegisterInstanceResponse.self)
    }
}

/// A server that takes everything and answers what a topology manager or a stream manager is asked.
final class FakeServer: Sendable {
    let mailbox = Mailbox()
    let port: Int
    private let loop: any EventLoop
    private let server: NIOLoopBound<WireServer>
    private let connections: NIOLoopBoundBox<[WireConnection]>

    init() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        let connections = NIOLoopBoundBox<[WireConnection]>.makeBoxSendingValue([], eventLoop: loop)
        self.connections = connections
        let server = try await loop.submit { [mailbox] in
            let handlers = FakeServer.handlers(mailbox)
            let server = WireServer(eventLoop: loop, maximumPacketSize: 16 << 20, handlers: handlers)
            server.onConnect = { connections.value.append($0) }
            return NIOLoopBound(server, eventLoop: loop)
        }.get()
        self.server = server
        port = try await loop.flatSubmit { server.value.listen(host: "127.0.0.1", port: 0) }.get()
    }

    private static func handlers(_ mailbox: Mailbox) -> WireHandlers {
        var ok = Status()
        ok.status = .ok
        var handlers = WireHandlers()
        handlers.unhandled = { connection, packet in
            switch packet.typeName {
            case Heron_Proto_Tmanager_StMgrRegisterRequest.protoMessageName:
                var response = Heron_Proto_Tmanager_StMgrRegisterResponse()
                response.status = ok
                connection.respond(response, to: packet.requestID)
            case Heron_Proto_Tmanager_StMgrHeartbeatRequest.protoMessageName:
                var response = Heron_Proto_Tmanager_StMgrHeartbeatResponse()
                response.status = ok
                connection.respond(response, to: packet.requestID)
            case Heron_Proto_Stmgr_StrMgrHelloRequest.protoMessageName:
                var response = Heron_Proto_Stmgr_StrMgrHelloResponse()
                response.status = ok
                connection.respond(response, to: packet.requestID)
            default: break
            }
            mailbox.put(packet)
        }
        return handlers
    }

    /// The location as a topology manager writes it into the state.
    var location: TManagerLocation {
        var location = TManagerLocation()
        location.topologyName = Fixture.name
        location.topologyID = Fixture.id
        location.host = "127.0.0.1"
        location.controllerPort = 0
        location.serverPort = Int32(port)
        return location
    }

    /// Sends a plan to everyone who is connected.
    func broadcast(_ plan: PhysicalPlan) async throws {
        try await loop.submit { [connections] in
            var message = Heron_Proto_Stmgr_NewPhysicalPlanMessage()
            message.newPplan = plan
            for connection in connections.value { connection.send(message) }
        }.get()
    }

    func dropConnections() async throws {
        try await loop.submit { [connections] in
            for connection in connections.value { connection.close() }
            connections.value = []
        }.get()
    }

    func close() async throws {
        try await loop.flatSubmit { [server] in server.value.close() }.get()
    }
}

/// A stream manager as it is, on a loop of its own, listening on ports that nobody else has.
final class RunningStreamManager: Sendable {
    let ports: StreamManager.Ports
    let id: String
    private let loop: any EventLoop
    private let manager: NIOLoopBound<StreamManager>

    init(
        container: Int = 1,
        instances: [Instance],
        bolts: [String] = Fixture.bolts.map(\.name),
        adjust: (inout StreamManagerTuning) -> Void = { _ in }
    ) async throws {
        var tuning = StreamManagerTuning(try RuntimeConfig.defaults().streamManager)
        tuning.peerReconnectInterval = .milliseconds(5)
        tuning.tmanagerReconnectInterval = .milliseconds(5)
        tuning.heartbeatInterval = .milliseconds(5)
        adjust(&tuning)
        let options = StreamManagerOptions(
            id: "stmgr-\(container)",
            topologyName: Fixture.name,
            topologyID: Fixture.id,
            instanceIDs: instances.map(\.instanceID),
            host: "127.0.0.1",
            dataPort: 0,
            localDataPort: 0,
            shellPort: 4711,
            tuning: tuning
        )
        let definition = Fixture.topology(bolts: bolts)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let manager = try await loop.submit {
            let logger = Logger(label: "stmgr-\(container)") { _ in SwiftLogNoOpLogHandler() }
            let manager = try StreamManager(options: options, definition: definition, eventLoop: loop, logger: logger)
            return NIOLoopBound(manager, eventLoop: loop)
        }.get()
        self.loop = loop
        self.manager = manager
        id = options.id
        ports = try await loop.flatSubmit { manager.value.start() }.get()
    }

    func topologyManagerMoved(to location: TManagerLocation?) async throws {
        try await loop.submit { [manager] in manager.value.topologyManagerMoved(to: location) }.get()
    }

    /// Bytes that receivers have not taken yet.
    var unsentBytes: Int {
        get async throws { try await loop.submit { [manager] in manager.value.traffic.unsentBytes }.get() }
    }

    var spoutsPaused: Bool {
        get async throws {
            try await loop.submit { [manager] in manager.value.traffic.backPressure.spoutsPaused }.get()
        }
    }

    func stop() async throws {
        try await loop.flatSubmit { [manager] in manager.value.stop() }.get()
    }
}
