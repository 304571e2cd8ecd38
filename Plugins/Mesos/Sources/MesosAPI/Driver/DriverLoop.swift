import Glibc
import MesosProtocol

/// A driver's thread: performs what ``Subscription`` decides.
final class DriverLoop {
    typealias Instant = ContinuousClock.Instant

    /// How much of a refusal is read.
    static let maximumRefusalBytes = 4096
    static let path = "/api/v1/scheduler"
    private static let longestWait = Duration.seconds(60)

    let options: MesosOptions
    let shared: DriverShared
    let multi: CurlMulti
    let authorization: String?
    let log: @Sendable (MesosLogLevel, String) -> Void
    private let receive: @Sendable (DriverEvent) -> Void

    var subscription: Subscription
    var stream: EventStream?
    var calls = CallQueue()
    var inFlight: (call: QueuedCall, transfer: CurlTransfer)?
    private var tails: FileTails
    private var detector: MasterDetector?
    /// Which detector; what an earlier one has found is not looked at.
    private var detectors = 0
    /// When it ends at the latest; nil as long as it is not to end.
    private var end: Instant?

    init(
        _ options: MesosOptions,
        _ shared: DriverShared,
        _ multi: CurlMulti,
        authorization: String?,
        log: @escaping @Sendable (MesosLogLevel, String) -> Void,
        receive: @escaping @Sendable (DriverEvent) -> Void
    ) {
        self.options = options
        self.shared = shared
        self.multi = multi
        self.authorization = authorization
        self.log = log
        self.receive = receive
        subscription = Subscription(options)
        tails = FileTails(options, on: multi)
    }

    /// Runs until the driver is closed.
    func run() {
        while true {
            for message in shared.inbox.take() { handle(message) }
            perform()
            startCall()
            shared.update(subscription)
            if isOver { break }
            if let trouble = multi.run(for: timeToWait()) { failed(trouble) }
            // What has come counts before the time does, and the time spent in the user's code does not count.
            let now = Instant.now
            followStream(at: now)
            followCall(at: now)
            tails.follow()
            subscription.timePassed(now)
            perform()
        }
        finish()
    }

    private var isOver: Bool {
        guard let end else { return false }
        return end <= .now || (calls.isEmpty && inFlight == nil)
    }

    private func timeToWait() -> Duration {
        let deadline = [subscription.deadline, end].compactMap(\.self).min()
        return min(deadline.map { max(.zero, Instant.now.duration(to: $0)) } ?? Self.longestWait, Self.longestWait)
    }

    private func handle(_ message: DriverInbox.Message) {
        // Whoever closes a driver is told only what becomes of calls.
        switch message {
        case .subscribe(let call):
            guard end == nil else { return }
            detect()
            subscription.subscribe(call, at: .now)
        case .findLeader:
            if end == nil { detect() }
        case .send(let call):
            send(call)
        case .readTail(let tail):
            tails.add(tail)
        case .overflow:
            guard subscription.established != nil else { return }
            subscription.lost("too many calls are waiting: the master does not take them in time", at: .now)
        case .detection(let detection, detectors):
            if case .denied = detection { detector = nil }
            guard end == nil else { return }
            subscription.detected(detection, at: .now)
        case .detection:
            return
        case .log(let level, let text):
            if end == nil { log(level, text) }
        case .close:
            end = end ?? .now + options.closeTimeout
        }
        perform()
    }

    /// Begins to look for the leader, where it has to be found.
    private func detect() {
        guard detector == nil, case .zooKeeper(let place) = options.master.form else { return }
        detectors += 1
        let inbox = shared.inbox
        let number = detectors
        detector = MasterDetector(
            place,
            sessionTimeout: options.zooKeeperSessionTimeout,
            usesTLS: options.tls.isUsedForDetectedMasters,
            log: { inbox.post(.log($0, $1)) },
            report: { inbox.post(.detection($0, detector: number)) }
        )
    }

    /// Does what the subscription wants.
    func perform() {
        for action in subscription.takeActions() {
            switch action {
            case .connect(let endpoint, let call):
                hangUp("the driver subscribes elsewhere")
                connect(to: endpoint, call)
            case .hangUp(let reason):
                hangUp(reason)
            case .tell(let event):
                shared.update(subscription)
                if end == nil { receive(event) }
            case .log(let level, let text):
                if end == nil { log(level, text) }
            }
        }
    }

    private func hangUp(_ reason: String) {
        stream?.transfer.end()
        stream = nil
        dropCalls(reason)
    }

    /// libcurl itself has failed, which leaves nothing to rely on.
    private func failed(_ trouble: String) {
        let reason = "libcurl fails: \(trouble)"
        if subscription.established != nil { subscription.lost(reason, at: .now) }
        if case .connecting = subscription.phase { subscription.attemptFailed(reason, at: .now) }
        perform()
        // Else this would be repeated without a pause.
        usleep(100_000)
    }

    private func finish() {
        detector?.stop()
        let reason = "the driver was closed"
        hangUp(reason)
        tails.removeAll(reason)
        for message in shared.inbox.end() {
            switch message {
            case .send(let call): call.completion?(.lost(reason: reason))
            case .readTail(let tail): tail.fail(reason)
            case .subscribe, .findLeader, .overflow, .detection, .log, .close: break
            }
        }
        multi.close()
        shared.closed()
    }
}
