import MesosProtocol

/// The way to a subscription and its end: what to do about what happens, without network, clock or threads.
///
/// Attempts go on for ever, with growing pauses, until the master says SUBSCRIBED, refuses or denies it. Every function
/// adds to the actions that ``takeActions()`` takes away.
struct Subscription {
    typealias Instant = ContinuousClock.Instant

    enum Action {
        /// Send the SUBSCRIBE there; the stream that is open, and all calls, end.
        case connect(MesosEndpoint, MesosCall)
        /// End the stream, and all calls.
        case hangUp(reason: String)
        case tell(DriverEvent)
        case log(MesosLogLevel, String)
    }

    /// An attempt under way.
    struct Attempt {
        /// Where it began; redirects lead elsewhere.
        let origin: MesosEndpoint
        let endpoint: MesosEndpoint
        let redirects: Int
        let deadline: Instant
        /// Known once the master has opened a stream.
        var streamID: String?
    }

    /// A subscription that stands.
    struct Established {
        var origin: MesosEndpoint
        let endpoint: MesosEndpoint
        let streamID: String
        let info: MesosMasterInfo
        let since: Instant
        /// How long the master may say nothing.
        let patience: Duration
        var lastSign: Instant
    }

    enum Phase {
        case idle
        case awaitingLeader
        case pausing(until: Instant)
        case connecting(Attempt)
        case subscribed(Established)
        /// The stream is over; whoever waits for the answer to a call gets it first.
        case ending(Established, reason: String)
    }

    let options: MesosOptions
    var phase = Phase.idle
    var masters: Masters
    private(set) var lastFailure: String?
    private var call: MesosCall?
    private var backoff: Backoff
    /// What was logged since the last subscription, so that it is not repeated with every attempt.
    private var logged: Set<String> = []
    private var actions: [Action] = []

    static let maximumRedirects = 5
    private static let maximumLogged = 64

    init(_ options: MesosOptions) {
        self.options = options
        masters = Masters(options.master)
        backoff = Backoff(options.backoff)
    }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    mutating func add(_ action: Action) {
        actions.append(action)
    }

    /// When ``timePassed(_:)`` is to be called at the latest.
    var deadline: Instant? {
        switch phase {
        case .idle, .awaitingLeader, .ending: nil
        case .pausing(let until): until
        case .connecting(let attempt): attempt.deadline
        case .subscribed(let established): established.lastSign + established.patience
        }
    }

    /// The subscription that stands.
    var established: Established? {
        if case .subscribed(let established) = phase { established } else { nil }
    }
}

/// Getting there.
extension Subscription {
    /// Begins, in place of what there is.
    mutating func subscribe(_ call: MesosCall, at now: Instant) {
        if case .idle = phase {} else { add(.hangUp(reason: "a new subscription takes its place")) }
        settle(at: now)
        self.call = call
        masters.beginRound()
        pause(at: now)
    }

    /// The leader was found, or lost.
    mutating func detected(_ detection: Detection, at now: Instant) {
        switch detection {
        case .leader(let leader):
            let wasAbsent = masters.absence != nil
            masters.found(leader)
            found(leader, afterAbsence: wasAbsent, at: now)
        case .noLeader(let reason):
            masters.lost(reason)
            switch phase {
            case .idle, .pausing, .ending: break
            case .awaitingLeader: failed(reason)
            case .connecting:
                add(.hangUp(reason: reason))
                failed(reason)
                phase = .awaitingLeader
            case .subscribed: lost(reason, at: now)
            }
        case .unknown(let reason):
            // A subscription that stands proves more than a ZooKeeper that is away.
            masters.lost(reason)
            if case .awaitingLeader = phase { failed(reason) }
        case .denied(let reason):
            masters.lost(reason)
            switch phase {
            case .idle, .subscribed, .ending: break
            case .awaitingLeader, .pausing, .connecting: denied(reason)
            }
        }
    }

    private mutating func found(_ leader: MesosEndpoint, afterAbsence: Bool, at now: Instant) {
        switch phase {
        case .idle, .pausing, .ending: break
        case .awaitingLeader:
            // Others have waited, too; they shall not all come at once.
            if afterAbsence { pause(at: now) } else { begin(at: now) }
        case .connecting(let attempt):
            guard attempt.origin != leader, attempt.endpoint != leader else { return }
            add(.hangUp(reason: "another master leads"))
            pause(at: now)
        case .subscribed(var established):
            guard established.origin != leader, established.endpoint != leader else {
                established.origin = leader
                phase = .subscribed(established)
                return
            }
            lost("\(leader) leads now", at: now)
        }
    }

    private mutating func pause(at now: Instant) {
        let pause = backoff.next()
        guard pause > .zero else { return begin(at: now) }
        phase = .pausing(until: now + pause)
    }

    private mutating func begin(at now: Instant) {
        guard let candidate = masters.candidate else {
            phase = .awaitingLeader
            if let absence = masters.absence { failed(absence) }
            return
        }
        connect(to: candidate, from: candidate, redirects: 0, at: now)
    }

    private mutating func connect(
        to endpoint: MesosEndpoint,
        from origin: MesosEndpoint,
        redirects: Int,
        at now: Instant
    ) {
        guard let call else { return phase = .idle }
        phase = .connecting(
            Attempt(origin: origin, endpoint: endpoint, redirects: redirects, deadline: now + options.callTimeout)
        )
        add(.connect(endpoint, call))
    }

    /// Something has not worked, and is tried again.
    private mutating func failed(_ reason: String) {
        lastFailure = reason
        if logged.count >= Self.maximumLogged { logged = [] }
        if logged.insert(reason).inserted { add(.log(.warning, "cannot subscribe yet: \(reason); trying on")) }
    }

    /// An attempt has failed: to the next master, or to the next round after a pause.
    mutating func attemptFailed(_ reason: String, at now: Instant) {
        failed(reason)
        add(.hangUp(reason: reason))
        if masters.moveOn() { return begin(at: now) }
        masters.beginRound()
        pause(at: now)
    }

    /// A master sends us to another.
    mutating func redirected(_ attempt: Attempt, to location: String, at now: Instant) {
        do throws(MasterAddressError) {
            let target = try attempt.endpoint.redirected(to: location)
            guard attempt.redirects < Self.maximumRedirects else {
                let times = Self.maximumRedirects
                return attemptFailed("\(attempt.origin) and others redirect more than \(times) times", at: now)
            }
            add(.log(.debug, "\(attempt.endpoint) redirects to \(target)"))
            connect(to: target, from: attempt.origin, redirects: attempt.redirects + 1, at: now)
        } catch {
            attemptFailed("\(attempt.endpoint) does not lead, but \(error)", at: now)
        }
    }

    mutating func timePassed(_ now: Instant) {
        guard let deadline, deadline <= now else { return }
        switch phase {
        case .idle, .awaitingLeader, .ending: break
        case .pausing: begin(at: now)
        case .connecting(let attempt):
            attemptFailed("\(attempt.endpoint) does not say SUBSCRIBED within \(options.callTimeout)", at: now)
        case .subscribed(let established):
            lost("nothing came from \(established.endpoint) for \(established.patience)", at: now)
        }
    }
}

/// Its end.
extension Subscription {
    mutating func succeeded(_ subscribed: MesosEvent.Subscribed, _ established: Established) {
        phase = .subscribed(established)
        lastFailure = nil
        logged = []
        add(.tell(.subscribed(subscribed)))
    }

    /// The subscription is over; whoever uses the driver subscribes again.
    mutating func lost(_ reason: String, at now: Instant) {
        settle(at: now)
        lastFailure = reason
        add(.hangUp(reason: reason))
        add(.tell(.disconnected(reason: reason)))
    }

    /// The master has said why there will be no subscription.
    mutating func refused(_ message: String, at now: Instant) {
        settle(at: now)
        lastFailure = message
        add(.hangUp(reason: message))
        add(.tell(.refused(message: message)))
    }

    /// Nothing that is tried again would help.
    mutating func denied(_ reason: String) {
        phase = .idle
        call = nil
        lastFailure = reason
        add(.hangUp(reason: reason))
        add(.tell(.denied(reason: reason)))
    }

    /// Back to idle; a subscription that was worth it makes the next attempts quick again.
    private mutating func settle(at now: Instant) {
        switch phase {
        case .subscribed(let established), .ending(let established, _):
            if now - established.since >= options.backoff.stableAfter { backoff.reset() }
        case .idle, .awaitingLeader, .pausing, .connecting: break
        }
        phase = .idle
        call = nil
    }
}
