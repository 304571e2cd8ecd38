import HeronModel
import HeronWire
import Logging
import NIOCore

/// The port for the instances of this container: registration, the plan, tuples in both directions.
///
/// Confined to its event loop. Lives until it is closed: weak references in the way of the tuples would take a tenth of
/// the time that a tuple needs.
final class InstanceServer {
    /// Called when an instance registered; the container may be complete now.
    var onRegister: () -> Void = {}
    /// Called with every set of tuples of a registered instance.
    var onTuples: (_ task: Int32, _ set: ByteBuffer) throws(WireError) -> Void = { _, _ in }
    /// Called with the number of tuples that came from a connection which has not registered.
    var onStrayTuples: (Int) -> Void = { _ in }

    private(set) var registry: InstanceRegistry
    private let eventLoop: any EventLoop
    private let maximumPacketSize: Int
    private let introductionLimit: TimeAmount
    private let spouts: Set<String>
    private let logger: Logger
    private var server: WireServer?
    private var connections: [Int32: WireConnection] = [:]
    private var plan: PhysicalPlan?
    private var spoutsPaused = false
    private var unhandled = UnhandledPackets()

    /// - Parameter spouts: the names of the topology's spouts, which pause under back pressure.
    init(eventLoop: any EventLoop, options: StreamManagerOptions, spouts: Set<String>, logger: Logger) {
        self.eventLoop = eventLoop
        self.spouts = spouts
        self.logger = logger
        maximumPacketSize = options.tuning.maximumPacketSize
        introductionLimit = options.tuning.introductionLimit
        registry = InstanceRegistry(
            topologyName: options.topologyName,
            topologyID: options.topologyID,
            instanceIDs: options.instanceIDs
        )
    }

    /// Listens on the loopback interface: instances run on this machine. The result is the port.
    func listen(port: Int) -> EventLoopFuture<Int> {
        var handlers = WireHandlers()
        handlers.onRequest(Heron_Proto_Stmgr_RegisterInstanceRequest.self) { [self] connection, request, id in
            register(request, id, on: connection)
        }
        handlers.onPacket(Heron_Proto_System_HeronTupleSet.protoMessageName) {
            [self] (connection, packet) throws(WireError) in
            try receive(packet.body, on: connection)
        }
        handlers.unhandled = { [self] connection, packet in
            guard let line = unhandled.note(packet, from: connection) else { return }
            logger.warning("\(line)")
        }
        let server = WireServer(eventLoop: eventLoop, maximumPacketSize: maximumPacketSize, handlers: handlers)
        server.introductionLimit = introductionLimit
        server.onDisconnect = { [self] in disconnected($0, $1) }
        server.onAcceptFailure = { [logger] in logger.error("\($0)") }
        self.server = server
        return server.listen(host: "127.0.0.1", port: port)
    }

    func close() -> EventLoopFuture<Void> {
        onTuples = { _, _ in }
        defer { server = nil }
        return server?.close() ?? eventLoop.makeSucceededVoidFuture()
    }

    /// Sends a packet to a task's instance; false if it is not connected.
    func send(_ packet: ByteBuffer, to task: Int32) -> Bool {
        connections[task]?.send(packet: packet) ?? false
    }

    /// Gives a new plan to every registered instance, and to those that register later.
    func distribute(_ plan: PhysicalPlan) {
        self.plan = plan
        var message = Heron_Proto_Stmgr_NewInstanceAssignmentMessage()
        message.pplan = plan
        do {
            let packet = try PacketHeader.packet(message, requestID: .none)
            for connection in connections.values { connection.send(packet: packet) }
        } catch {
            logger.error("the physical plan cannot be given to the instances: \(error)")
        }
    }

    /// Stops or resumes reading from the spouts.
    func setSpoutsPaused(_ paused: Bool) {
        spoutsPaused = paused
        for instance in registry.known where spouts.contains(instance.info.componentName) {
            connections[instance.info.taskID]?.setReading(!paused)
        }
    }

    var unsent: UnsentBytes {
        connections.values.reduce(into: UnsentBytes()) { $0.add($1.unsentBytes) }
    }

    // MARK: Handlers

    private func register(
        _ request: Heron_Proto_Stmgr_RegisterInstanceRequest,
        _ id: RequestID,
        on connection: WireConnection
    ) {
        let name = request.instance.instanceID
        switch registry.register(request, on: ObjectIdentifier(connection)) {
        case .accepted:
            logger.info("instance \(name) has registered")
            accept(request.instance.info, on: connection, answering: id)
        case .refused(let reason):
            refuse(name, reason, on: connection, answering: id)
        case .refusedClosingOther(let reason):
            connections[request.instance.info.taskID]?.close(WireError(.refused, "\(name) has registered again"))
            refuse(name, reason, on: connection, answering: id)
        }
    }

    private func accept(
        _ instance: Heron_Proto_System_InstanceInfo,
        on connection: WireConnection,
        answering id: RequestID
    ) {
        connections[instance.taskID] = connection
        connection.isIntroduced = true
        connection.tag = registry.task(of: ObjectIdentifier(connection))
        var response = Heron_Proto_Stmgr_RegisterInstanceResponse()
        response.status.status = .ok
        if let plan { response.pplan = plan }
        connection.respond(response, to: id)
        if spoutsPaused, spouts.contains(instance.componentName) { connection.setReading(false) }
        onRegister()
    }

    private func refuse(_ name: String, _ reason: String, on connection: WireConnection, answering id: RequestID) {
        logger.warning("refused instance \(name) from \(connection.peer): \(reason)")
        var response = Heron_Proto_Stmgr_RegisterInstanceResponse()
        response.status.status = .notok
        response.status.message = reason
        connection.respond(response, to: id)
    }

    private func receive(_ set: ByteBuffer, on connection: WireConnection) throws(WireError) {
        guard let task = connection.tag else {
            onStrayTuples(try TupleSet.count(set))
            return
        }
        try onTuples(task, set)
    }

    private func disconnected(_ connection: WireConnection, _ reason: WireError?) {
        let task = registry.disconnected(ObjectIdentifier(connection))
        if let task, connections[task] === connection { connections[task] = nil }
        let who = task.map { "task \($0)" } ?? "an unregistered instance at \(connection.peer)"
        logger.warning("\(who) has disconnected\(reason.map { ": \($0)" } ?? "")")
    }
}
