import HeronModel
import HeronWire
import Logging
import NIOCore

/// The conversation with the topology manager: registration, heartbeats, physical plans.
///
/// Confined to its event loop. Never gives up: without a topology manager the tuples flow on as they did.
final class TManagerSession {
    private static let answerTimeout = TimeAmount.seconds(30)
    private static let firstReconnectInterval = TimeAmount.milliseconds(100)
    /// Every how many failed attempts there is a line about them.
    private static let attemptsPerLine = 30

    /// Called with every plan that the topology manager sends.
    var onPlan: (PhysicalPlan) -> Void = { _ in }

    private let eventLoop: any EventLoop
    private let options: StreamManagerOptions
    private let logger: Logger
    /// Makes the registration; nil until the container is complete.
    private var registration: (() -> Heron_Proto_Tmanager_StMgrRegisterRequest)?
    private var location: TManagerLocation?
    private var client: WireClient?
    private var unhandled = UnhandledPackets()

    init(eventLoop: any EventLoop, options: StreamManagerOptions, logger: Logger) {
        self.eventLoop = eventLoop
        self.options = options
        self.logger = logger
    }

    /// Begins to register, now that all instances of the container have.
    func start(registration: @escaping () -> Heron_Proto_Tmanager_StMgrRegisterRequest) {
        guard self.registration == nil else { return }
        self.registration = registration
        connect()
    }

    /// Follows the topology manager to another place. While none is known the old connection stays.
    func moved(to new: TManagerLocation?) {
        guard let new else {
            logger.info("the topology manager's location is not known at the moment")
            return
        }
        guard new.topologyID == options.topologyID else {
            logger.warning(
                "ignoring a topology manager of topology id \(new.topologyID), this is \(options.topologyID)"
            )
            return
        }
        if let location, location.host == new.host, location.serverPort == new.serverPort, client != nil { return }
        location = new
        client?.stop()
        client = nil
        connect()
    }

    func stop() {
        client?.stop()
        client = nil
    }

    private func connect() {
        guard registration != nil, client == nil, let location else { return }
        let settings = WireClient.Settings(
            maximumPacketSize: options.tuning.maximumTManagerPacketSize,
            reconnectInterval: options.tuning.tmanagerReconnectInterval,
            firstReconnectInterval: TManagerSession.firstReconnectInterval
        )
        let client = WireClient(
            eventLoop: eventLoop,
            host: location.host,
            port: Int(location.serverPort),
            settings: settings,
            handlers: handlers()
        )
        client.onConnect = { [weak self] in self?.register(on: $0) }
        client.onDisconnect = { [weak self] in self?.disconnected($1) }
        client.onConnectFailure = { [weak self] in self?.failed($0, attempt: $1) }
        self.client = client
        client.start()
    }

    private func handlers() -> WireHandlers {
        var handlers = WireHandlers()
        handlers.onMessage(Heron_Proto_Stmgr_NewPhysicalPlanMessage.self) { [weak self] _, message in
            self?.onPlan(message.newPplan)
        }
        handlers.unhandled = { [weak self] connection, packet in
            guard let self, let line = unhandled.note(packet, from: connection) else { return }
            logger.warning("\(line)")
        }
        return handlers
    }

    // MARK: Registration

    private func register(on connection: WireConnection) {
        guard let registration else { return }
        connection.request(
            registration(),
            expecting: Heron_Proto_Tmanager_StMgrRegisterResponse.self,
            timeout: TManagerSession.answerTimeout
        ) { [weak self] in self?.registered($0, on: connection) }
    }

    private func registered(
        _ result: Result<Heron_Proto_Tmanager_StMgrRegisterResponse, WireError>,
        on connection: WireConnection
    ) {
        switch result {
        case .success(let response) where response.status.status == .ok:
            logger.info("registered with the topology manager at \(connection.peer)")
            client?.connectionIsGood()
            if response.hasPplan { onPlan(response.pplan) }
            heartbeatLater(on: connection)
        case .success(let response):
            let status = response.status
            connection.close(WireError(.refused, "it refused the registration (\(status.status)): \(status.message)"))
        case .failure(let error): connection.close(error)
        }
    }

    // MARK: Heartbeats

    private func heartbeatLater(on connection: WireConnection) {
        eventLoop.assumeIsolated().scheduleTask(in: options.tuning.heartbeatInterval) { [weak self] in
            self?.heartbeat(on: connection)
        }
    }

    private func heartbeat(on connection: WireConnection) {
        guard connection.isOpen else { return }
        var request = Heron_Proto_Tmanager_StMgrHeartbeatRequest()
        request.heartbeatTime = WallClock.secondsSince1970
        request.stats = Heron_Proto_System_StMgrStats()
        connection.request(
            request,
            expecting: Heron_Proto_Tmanager_StMgrHeartbeatResponse.self,
            timeout: TManagerSession.answerTimeout
        ) { [weak self] result in
            switch result {
            case .success(let response) where response.status.status == .ok: self?.heartbeatLater(on: connection)
            case .success(let response):
                connection.close(WireError(.refused, "it refused a heartbeat: \(response.status.message)"))
            case .failure(let error): connection.close(error)
            }
        }
    }

    private func disconnected(_ reason: WireError?) {
        logger.warning("the connection to the topology manager ended: \(reason?.message ?? "closed")")
    }

    private func failed(_ error: WireError, attempt: Int) {
        guard attempt % TManagerSession.attemptsPerLine == 1 else { return }
        logger.warning("the topology manager cannot be reached (attempt \(attempt)): \(error)")
    }
}
