import HeronModel
import HeronWire
import Logging
import NIOCore

/// The way of the tuples through this process: in from instances and peers, out to them, in time and within bounds.
///
/// Performs what the values decide: ``TupleRouter`` where to, ``DrainPacer`` when, ``BackPressure`` whether spouts go
/// on. Confined to its event loop.
final class TupleTraffic {
    /// How often unsent bytes are looked at while back pressure lasts; otherwise it is done at each departure.
    private static let pressureCheckInterval = TimeAmount.milliseconds(10)
    /// How soon after the first lost tuple there is a line about it, and how far such lines are apart.
    private static let firstLossReport = TimeAmount.seconds(1)
    private static let lossReportInterval = TimeAmount.seconds(60)

    private let eventLoop: any EventLoop
    private let options: StreamManagerOptions
    private let logger: Logger
    private let instances: InstanceServer
    private let peers: Peers

    private var router: TupleRouter
    private var pacer: DrainPacer
    private(set) var backPressure: BackPressure
    private var random = KeyGenerator()
    private var lastLossReport: NIODeadline?
    private var isLossReportDue = false
    private var isPressureCheckDue = false
    private var isRoundPressureCheckDue = false
    /// What time it was when the tuples that are cached now began to be; asking costs as much as a tuple does.
    private var cachedSince: NIODeadline?
    private var isStopped = false

    init(
        eventLoop: any EventLoop,
        options: StreamManagerOptions,
        messageTimeout: TimeAmount,
        instances: InstanceServer,
        peers: Peers,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.options = options
        self.logger = logger
        self.instances = instances
        self.peers = peers
        pacer = DrainPacer(upperBound: options.tuning.drainInterval)
        backPressure = BackPressure(limits: options.tuning.backPressure)
        let generations = options.tuning.ackGenerations
        router = TupleRouter(
            RoutingTable(),
            stmgr: options.id,
            maximumPacketSize: options.tuning.maximumPacketSize,
            ledger: AckLedger(timeout: messageTimeout, generations: generations, now: .now())
        )
    }

    /// Routes by a new plan from now on; what was cached leaves by the old one, and roots in the making are kept.
    func follow(_ plan: PhysicalPlan) {
        drain()
        var successor = TupleRouter(
            RoutingTable(plan, random: &random),
            stmgr: options.id,
            maximumPacketSize: options.tuning.maximumPacketSize,
            ledger: router.ledger
        )
        successor.losses = router.losses
        router = successor
    }

    /// Sends what is cached and ends.
    func stop() {
        drain()
        reportLosses()
        isStopped = true
    }

    // MARK: Tuples

    /// Takes a set of tuples from an instance of this container.
    func route(_ set: ByteBuffer, from task: Int32) throws(WireError) {
        let now = cachedSince ?? .now()
        defer {
            tuplesCached(now: now)
            reportLossesLater()
        }
        try router.route(set, from: task, now: now)
    }

    /// Gives a set from another stream manager to its instance: the bytes stay as they are. Control tuples are applied.
    func deliver(_ message: ByteBuffer) throws(WireError) {
        let bytes = message.readableBytesSpan
        let stream = try TupleStream(bytes)
        guard let slot = router.slot(of: stream.task), router.isLocal(slot) else {
            lose(.unknownTask, count: stream.tupleCount)
            return
        }
        if let control = stream.control {
            let now = cachedSince ?? .now()
            defer { tuplesCached(now: now) }
            try router.applyControl(control, in: bytes, now: now)
            return
        }
        let packet = OutgoingSet.packet(around: bytes.extracting(stream.set))
        if instances.send(packet, to: stream.task) {
            observePressureSoon()
        } else {
            lose(.instanceAway, count: stream.tupleCount)
        }
    }

    private func tuplesCached(now: NIODeadline) {
        guard !router.cache.isEmpty else { return }
        cachedSince = now
        switch pacer.cached(bytes: router.cache.bytes, now: now) {
        case .wait: break
        case .now: drain()
        case .endOfRound: eventLoop.assumeIsolated().execute { [self] in drain() }
        case .later(let delay): eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in drain() }
        }
    }

    /// Sends every cached tuple on its way.
    func drain() {
        guard !isStopped else { return }
        cachedSince = nil
        pacer.drained(now: .now())
        guard !router.cache.isEmpty else { return }
        let tasks = router.tasks
        var losses: [TupleLoss: Int] = [:]
        router.cache.drain { slot, set in
            let task = tasks[slot]
            let count = set.tupleCount
            if task.stmgr == options.id {
                let isSent = instances.send(set.packetForInstance(), to: task.id)
                if !isSent { losses[.instanceAway, default: 0] += count }
            } else {
                let isSent = peers.send(set.packetForPeer(task: task.id), tuples: count, to: task.stmgr)
                if !isSent { losses[.peerAway, default: 0] += count }
            }
        }
        for (loss, count) in losses { lose(loss, count: count) }
        observePressure()
    }

    // MARK: Back pressure

    /// Bytes that instances and peers have not taken yet.
    var unsentBytes: Int { instances.unsent.total + peers.unsent.total }

    /// Looks at the end of the loop's round: every connection is looked at, and a round brings many packets.
    private func observePressureSoon() {
        guard !isRoundPressureCheckDue else { return }
        isRoundPressureCheckDue = true
        eventLoop.assumeIsolated().execute { [self] in
            isRoundPressureCheckDue = false
            observePressure()
        }
    }

    private func observePressure() {
        let (local, remote) = (instances.unsent, peers.unsent)
        perform(
            backPressure.observe(
                largest: max(local.largest, remote.largest),
                total: local.total + remote.total
            )
        )
        guard backPressure.isAnnounced, !isPressureCheckDue else { return }
        isPressureCheckDue = true
        eventLoop.assumeIsolated().scheduleTask(in: TupleTraffic.pressureCheckInterval) { [self] in
            guard !isStopped else { return }
            isPressureCheckDue = false
            observePressure()
        }
    }

    /// Takes what another stream manager announced.
    func peerChangedBackPressure(_ stmgr: String, started: Bool) {
        perform(started ? backPressure.peerStarted(stmgr) : backPressure.peerStopped(stmgr))
    }

    private func perform(_ actions: [BackPressure.Action]) {
        for action in actions {
            switch action {
            case .pauseSpouts: instances.setSpoutsPaused(true)
            case .resumeSpouts: instances.setSpoutsPaused(false)
            case .announceStart: peers.announceBackPressure(started: true)
            case .announceStop: peers.announceBackPressure(started: false)
            }
            logger.debug("back pressure: \(action)")
        }
    }

    // MARK: Losses

    /// Counts tuples that are lost; there will be a line about them.
    func lose(_ loss: TupleLoss, count: Int) {
        router.losses.add(loss, count: count)
        reportLossesLater()
    }

    private func reportLossesLater() {
        guard !router.losses.isEmpty, !isLossReportDue else { return }
        isLossReportDue = true
        let now = NIODeadline.now()
        let earliest = lastLossReport.map { $0 + TupleTraffic.lossReportInterval } ?? now
        let due = max(earliest, now + TupleTraffic.firstLossReport)
        eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in reportLosses() }
    }

    private func reportLosses() {
        guard let report = router.losses.report() else { return }
        isLossReportDue = false
        lastLossReport = .now()
        logger.error("\(report)")
    }
}
