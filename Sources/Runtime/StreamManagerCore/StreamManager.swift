import HeronModel
import HeronWire
import Logging
import NIOCore

/// One stream manager: moves the tuples of a container's instances among them and to other containers.
///
/// Confined to its event loop: create it there, and call every method there.
public final class StreamManager {
    /// The ports that are listened on.
    public struct Ports: Sendable, Hashable {
        /// For other stream managers.
        public let data: Int
        /// For the instances of this container.
        public let localData: Int
    }

    /// How often there is a line about the instances that have not registered yet.
    private static let missingInstancesInterval = TimeAmount.seconds(30)

    private let eventLoop: any EventLoop
    private let options: StreamManagerOptions
    private let definition: Topology
    private let logger: Logger

    private let instances: InstanceServer
    private let peerServer: PeerServer
    private let peers: Peers
    private let tmanager: TManagerSession
    /// Seen by tests.
    let traffic: TupleTraffic

    private var ports = Ports(data: 0, localData: 0)
    private var isStopped = false

    /// - Parameters:
    ///   - definition: the topology as the container's definition file has it, which must be the one of the options.
    ///   - eventLoop: the loop of the caller.
    public init(
        options: StreamManagerOptions,
        definition: Topology,
        eventLoop: any EventLoop,
        logger: Logger
    ) throws(StreamManagerError) {
        guard definition.name == options.topologyName, definition.id == options.topologyID else {
            throw StreamManagerError(
                "the definition file is of topology \(definition.name) (\(definition.id)), "
                    + "not of \(options.topologyName) (\(options.topologyID)) as the command line says"
            )
        }
        self.eventLoop = eventLoop
        self.options = options
        self.definition = definition
        self.logger = logger
        let spouts = Set(definition.spouts.map(\.comp.name))
        instances = InstanceServer(eventLoop: eventLoop, options: options, spouts: spouts, logger: logger)
        peerServer = PeerServer(eventLoop: eventLoop, options: options, logger: logger)
        peers = Peers(eventLoop: eventLoop, options: options, logger: logger)
        tmanager = TManagerSession(eventLoop: eventLoop, options: options, logger: logger)
        traffic = TupleTraffic(
            eventLoop: eventLoop,
            options: options,
            messageTimeout: definition.messageTimeout,
            instances: instances,
            peers: peers,
            logger: logger
        )
        connectParts()
    }

    private func connectParts() {
        instances.onRegister = { [weak self] in self?.registerIfComplete() }
        let traffic = traffic
        instances.onTuples = { (task, set) throws(WireError) in try traffic.route(set, from: task) }
        instances.onStrayTuples = { traffic.lose(.notRegistered, count: $0) }
        peerServer.onTuples = { (message) throws(WireError) in try traffic.deliver(message) }
        peerServer.onBackPressure = { traffic.peerChangedBackPressure($0, started: $1) }
        peers.onReady = { peer in
            if traffic.backPressure.isAnnounced { peer.announceBackPressure(started: true) }
        }
        peers.onLoss = { traffic.lose(.peerAway, count: $0) }
        tmanager.onPlan = { [weak self] in self?.adopt($0) }
    }

    // MARK: Life

    /// Listens on both ports. Fails with a `WireError` that names the port that cannot be listened on.
    public func start() -> EventLoopFuture<Ports> {
        warnOfLimits()
        let manager = NIOLoopBound(self, eventLoop: eventLoop)
        return instances.listen(port: options.localDataPort).flatMap { localData in
            let manager = manager.value
            return manager.peerServer.listen(port: manager.options.dataPort).map {
                Ports(data: $0, localData: localData)
            }
        }.map { ports in
            manager.value.started(ports)
            return ports
        }
    }

    private func warnOfLimits() {
        if definition.configured("topology.reliability.mode") == "EFFECTIVELY_ONCE" {
            logger.warning("effectively-once processing is not supported yet: tuples are delivered at most once")
        }
        logger.info("metrics are not published: this stream manager has no client for a metrics manager yet")
    }

    private func started(_ ports: Ports) {
        self.ports = ports
        let places = "port \(ports.data) for stream managers, port \(ports.localData) for instances"
        logger.info("\(options.id) of \(options.topologyName) listens: \(places)")
        registerIfComplete()
        nameMissingInstancesLater()
    }

    /// Tells where the topology manager is; nil while that is unknown.
    public func topologyManagerMoved(to location: TManagerLocation?) {
        if !isStopped { tmanager.moved(to: location) }
    }

    /// Sends what is cached and closes everything.
    public func stop() -> EventLoopFuture<Void> {
        isStopped = true
        traffic.stop()
        tmanager.stop()
        peers.stop()
        return instances.close().and(peerServer.close()).map { _ in }
    }

    // MARK: Registration and plans

    private func registerIfComplete() {
        guard instances.registry.isComplete, ports.data != 0 else { return }
        tmanager.start { [weak self] in self?.registration() ?? Heron_Proto_Tmanager_StMgrRegisterRequest() }
    }

    private func registration() -> Heron_Proto_Tmanager_StMgrRegisterRequest {
        var request = Heron_Proto_Tmanager_StMgrRegisterRequest()
        request.stmgr.id = options.id
        request.stmgr.hostName = options.host
        request.stmgr.dataPort = Int32(clamping: ports.data)
        request.stmgr.localDataPort = Int32(clamping: ports.localData)
        // Required by the message, used by nobody.
        request.stmgr.localEndpoint = "/unused"
        request.stmgr.cwd = ProcessFacts.workingDirectory
        request.stmgr.pid = ProcessFacts.pid
        request.stmgr.shellPort = Int32(clamping: options.shellPort)
        request.instances = instances.registry.known
        return request
    }

    private func nameMissingInstancesLater() {
        eventLoop.assumeIsolated().scheduleTask(in: StreamManager.missingInstancesInterval) { [weak self] in
            guard let self, !isStopped, !instances.registry.isComplete else { return }
            logger.warning("still waiting for: \(instances.registry.missing.joined(separator: ", "))")
            nameMissingInstancesLater()
        }
    }

    /// Takes a new plan: routes, peers and instances follow it.
    private func adopt(_ plan: PhysicalPlan) {
        guard !isStopped else { return }
        logger.info(
            "new physical plan: \(plan.topology.state), \(plan.stmgrs.count) containers, \(plan.instances.count) instances"
        )
        let hydrated = PlanHydration.hydrate(plan, with: definition)
        traffic.follow(hydrated)
        peers.follow(plan.stmgrs)
        instances.distribute(hydrated)
    }
}
