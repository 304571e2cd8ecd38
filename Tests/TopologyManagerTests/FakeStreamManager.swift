import HeronModel
import HeronWire
import NIOCore
import NIOPosix

@testable import TopologyManagerCore

/// A stream manager that talks to a real topology manager over a socket.
actor FakeStreamManager {
    nonisolated let unownedExecutor: UnownedSerialExecutor
    /// The plans that were sent as messages.
    nonisolated let plans: AsyncStream<PhysicalPlan>
    private nonisolated let plansContinuation: AsyncStream<PhysicalPlan>.Continuation
    /// One element when the connection is gone.
    nonisolated let closed: AsyncStream<Void>
    private nonisolated let closedContinuation: AsyncStream<Void>.Continuation
    private let eventLoop: any EventLoop
    private let port: Int
    private var client: WireClient?

    init(port: Int) {
        self.port = port
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        unownedExecutor = eventLoop.executor.asUnownedSerialExecutor()
        (plans, plansContinuation) = AsyncStream.makeStream()
        (closed, closedContinuation) = AsyncStream.makeStream()
    }

    /// Connects once; a connection that is lost stays so.
    func connect() async {
        var handlers = WireHandlers()
        handlers.onMessage(Heron_Proto_Stmgr_NewPhysicalPlanMessage.self) { [plansContinuation] _, message in
            plansContinuation.yield(message.newPplan)
        }
        let client = WireClient(
            eventLoop: eventLoop,
            host: "127.0.0.1",
            port: port,
            settings: .init(maximumPacketSize: 1 << 20, reconnectInterval: .hours(1)),
            handlers: handlers
        )
        client.onDisconnect = { [closedContinuation] _, _ in closedContinuation.yield() }
        self.client = client
        await withCheckedContinuation { continuation in
            client.onConnect = { _ in continuation.resume() }
            client.start()
        }
    }

    func register(_ request: StMgrRegisterRequest) async throws -> StMgrRegisterResponse {
        try await send(request)
    }

    func heartbeat() async throws -> StMgrHeartbeatResponse {
        var request = StMgrHeartbeatRequest()
        request.heartbeatTime = 1
        request.stats = Heron_Proto_System_StMgrStats()
        return try await send(request)
    }

    func disconnect() {
        client?.stop()
    }

    /// The next plan that is sent.
    nonisolated func nextPlan() async -> PhysicalPlan? {
        await plans.first { _ in true }
    }

    private func send<Request: Message, Response: Message>(_ request: Request) async throws -> Response {
        try await withCheckedThrowingContinuation { continuation in
            guard let connection = client?.connection else {
                return continuation.resume(throwing: WireError(.connectionClosed, "not connected"))
            }
            connection.request(request, expecting: Response.self, timeout: .seconds(10)) {
                continuation.resume(with: $0)
            }
        }
    }
}
