import HeronModel
import HeronWire
import Logging
import NIOCore

/// Performs what a ``TopologyMachine`` decides: the thin layer between it and the connections, the state and HTTP.
///
/// Runs on one event loop, which the connections of the stream managers share with it.
actor TopologyManager {
    nonisolated let unownedExecutor: UnownedSerialExecutor
    private let eventLoop: any EventLoop
    private let store: PlanStore
    private let log: Logger
    private var machine: TopologyMachine
    private var server: WireServer?
    private var connections: [ConnectionID: WireConnection] = [:]
    private var ids: [ObjectIdentifier: ConnectionID] = [:]
    private var callers: [Int: CheckedContinuation<ControlAnswer, Never>] = [:]
    /// Numbers for connections and callers.
    private var nextNumber = 0

    /// - Parameter eventLoop: outlives the manager.
    init(machine: TopologyMachine, store: PlanStore, eventLoop: any EventLoop, log: Logger) {
        self.machine = machine
        self.store = store
        self.eventLoop = eventLoop
        self.log = log
        unownedExecutor = eventLoop.executor.asUnownedSerialExecutor()
    }

    /// Time passed.
    func tick() {
        perform(machine.tick(now: .now))
    }

    /// A packing plan was read from the state.
    func packingPlanChanged(_ plan: PackingPlan) {
        perform(machine.packingPlanChanged(plan, now: .now))
    }

    // MARK: Stream managers

    /// Opens the port for stream managers and metrics managers; the result is its number.
    func listen(port: Int, maximumPacketSize: Int) async throws -> Int {
        var handlers = WireHandlers()
        handlers.onRequest(StMgrRegisterRequest.self) { self.register($0, $1, $2) }
        handlers.onRequest(StMgrHeartbeatRequest.self) { self.heartbeat($0, $1, $2) }
        let server = WireServer(eventLoop: eventLoop, maximumPacketSize: maximumPacketSize, handlers: handlers)
        server.onConnect = { self.connected($0) }
        server.onDisconnect = { self.disconnected($0, $1) }
        server.onAcceptFailure = { [log] in log.error("\($0)") }
        self.server = server
        return try await server.listen(host: "0.0.0.0", port: port).get()
    }

    /// Closes the port and all connections, and lets go of them.
    func close() async {
        guard let server else { return }
        self.server = nil
        try? await server.close().get()
    }

    private func connected(_ connection: WireConnection) {
        nextNumber += 1
        let id = ConnectionID(number: nextNumber)
        ids[ObjectIdentifier(connection)] = id
        connections[id] = connection
    }

    private func disconnected(_ connection: WireConnection, _ reason: WireError?) {
        guard let id = ids.removeValue(forKey: ObjectIdentifier(connection)) else { return }
        connections[id] = nil
        // While the manager closes, nothing is expected of anybody any more.
        guard server != nil else { return }
        if let reason { log.info("connection with \(connection.peer) ended: \(reason)") }
        perform(machine.disconnected(id))
    }

    private func register(_ connection: WireConnection, _ request: StMgrRegisterRequest, _ requestID: RequestID) {
        guard let id = ids[ObjectIdentifier(connection)] else { return }
        let (response, actions) = machine.register(request, on: id, now: .now)
        connection.respond(response, to: requestID)
        perform(actions)
    }

    private func heartbeat(_ connection: WireConnection, _ request: StMgrHeartbeatRequest, _ requestID: RequestID) {
        guard let id = ids[ObjectIdentifier(connection)] else { return }
        connection.respond(machine.heartbeat(on: id, now: .now), to: requestID)
    }

    // MARK: Controller and statistics

    /// Carries out a command; returns when it has taken effect or failed.
    func control(_ command: ControlRequest.Command) async -> ControlAnswer {
        nextNumber += 1
        let request = ControlRequest(id: nextNumber, command: command)
        return await withCheckedContinuation { continuation in
            callers[request.id] = continuation
            perform(machine.control(request, now: .now))
        }
    }

    /// The plan in force, or nil unless every stream manager is registered.
    func completePlan() -> PhysicalPlan? {
        machine.completePlan
    }

    /// The ids of the registered and of the missing stream managers.
    func registrations() -> (registered: [String], absent: [String]) {
        (machine.streamManagers.present.map(\.stmgr.id), machine.streamManagers.absent)
    }

    // MARK: Actions

    private func perform(_ actions: [TopologyMachine.Action]) {
        for action in actions {
            switch action {
            case .store(let plan):
                write { store in try await store.store(plan) }
            case .deleteStored:
                write { store in try await store.delete() }
            case .broadcast(let plan, let targets):
                broadcast(plan, to: targets)
            case .close(let id, let reason):
                log.warning("closing the connection with \(connections[id]?.peer ?? "?"): \(reason)")
                connections[id]?.close()
            case .answer(let request, let answer):
                callers.removeValue(forKey: request.id)?.resume(returning: answer)
            case .log(let level, let message):
                log.log(level: level, "\(message)")
            }
        }
    }

    /// Begins a write to the state and tells the machine how it ended. Not cancelled: a stop waits for it.
    private func write(_ body: @escaping @Sendable (PlanStore) async throws -> Void) {
        Task {
            var failure: String?
            do {
                try await body(store)
            } catch {
                failure = "\(error)"
            }
            perform(machine.writeEnded(failure: failure, now: .now))
        }
    }

    /// Sends a plan, encoded once.
    private func broadcast(_ plan: PhysicalPlan, to targets: [ConnectionID]) {
        var message = Heron_Proto_Stmgr_NewPhysicalPlanMessage()
        message.newPplan = plan
        do {
            let packet = try PacketHeader.packet(message, requestID: .none)
            for target in targets { connections[target]?.send(packet: packet) }
            log.info("sent the physical plan, \(packet.readableBytes) bytes, to \(targets.count) stream managers")
        } catch {
            log.error("\(error)")
        }
    }
}
