/// The life of one container as a state machine, without clock and processes: events in, actions out.
public struct ContainerMachine: Sendable {
    public typealias Instant = ContinuousClock.Instant

    /// What comes after the container's processes have been ended.
    public enum Next: Sendable, Hashable {
        case restart
        case backOff
        case stop
    }

    public enum Phase: Sendable, Hashable {
        /// About to be started.
        case starting
        case running(since: Instant)
        /// Its executor ended, or was told to end; whatever it leaves is ended too.
        case ending(Next)
        case backingOff(until: Instant)
        case stopped
    }

    /// What the supervisor has to do.
    public enum Action: Sendable, Hashable {
        /// Start the executor, then say ``started(at:)`` or ``startFailed(_:at:)``.
        case start
        /// End all processes of the container, then say ``ended(survivors:at:)``.
        case end
    }

    public private(set) var phase: Phase
    /// Counts the starts, from 1.
    public private(set) var attempt: UInt32
    /// Why it is in its phase, in one line.
    public private(set) var reason: String
    private var failures = 0
    private let backOff: BackOff

    /// A container that is to be started as the given attempt.
    public init(attempt: UInt32, backOff: BackOff) {
        self.phase = .starting
        self.attempt = attempt
        self.reason = ""
        self.backOff = backOff
    }

    /// A container that a predecessor started and that still runs.
    public init(adopting attempt: UInt32, backOff: BackOff, at now: Instant) {
        self.init(attempt: attempt, backOff: backOff)
        phase = .running(since: now)
        reason = "adopted"
    }

    /// When ``timePassed(at:)`` has something to do; nil if nothing is waited for.
    public var deadline: Instant? {
        if case .backingOff(let until) = phase { until } else { nil }
    }

    /// Whether it is on its way through a restart that somebody asked for.
    public var isRestarting: Bool { phase == .ending(.restart) || phase == .starting }

    public mutating func started(at now: Instant) {
        phase = .running(since: now)
    }

    public mutating func startFailed(_ reason: String, at now: Instant) {
        self.reason = reason
        waitAfterFailure(at: now)
    }

    /// The executor of an attempt ended by itself, or after it was told to.
    public mutating func exited(attempt: UInt32, _ reason: String, at now: Instant) -> [Action] {
        guard attempt == self.attempt, case .running(let since) = phase else { return [] }
        if since.duration(to: now) >= backOff.stable { failures = 0 }
        self.reason = reason
        phase = .ending(.backOff)
        return [.end]
    }

    /// No process of the container is left, except for survivors that even SIGKILL did not end.
    public mutating func ended(survivors: [Int32], at now: Instant) -> [Action] {
        guard case .ending(let next) = phase else { return [] }
        if !survivors.isEmpty {
            // Never two of a container at once: this goes on until the last one is gone.
            let list = survivors.map(String.init).joined(separator: ", ")
            reason = "processes that survive SIGKILL: \(list)"
            return [.end]
        }
        switch next {
        case .stop:
            phase = .stopped
            return []
        case .restart:
            return startAgain()
        case .backOff:
            waitAfterFailure(at: now)
            return []
        }
    }

    /// A pause may be over.
    public mutating func timePassed(at now: Instant) -> [Action] {
        guard case .backingOff(let until) = phase, now >= until else { return [] }
        return startAgain()
    }

    /// Somebody asked for a restart; earlier failures are forgotten.
    public mutating func restart() -> [Action] {
        switch phase {
        case .running:
            failures = 0
            reason = "restart requested"
            phase = .ending(.restart)
            return [.end]
        case .ending(.backOff):
            failures = 0
            phase = .ending(.restart)
            return []
        case .backingOff:
            failures = 0
            return startAgain()
        case .starting, .ending(.restart), .ending(.stop), .stopped:
            return []
        }
    }

    /// The container shall end for good.
    public mutating func stop() -> [Action] {
        switch phase {
        case .running:
            reason = "killed"
            phase = .ending(.stop)
            return [.end]
        case .ending:
            phase = .ending(.stop)
            return []
        case .starting, .backingOff, .stopped:
            reason = "killed"
            phase = .stopped
            return []
        }
    }

    private mutating func startAgain() -> [Action] {
        phase = .starting
        attempt += 1
        return [.start]
    }

    private mutating func waitAfterFailure(at now: Instant) {
        failures += 1
        phase = .backingOff(until: now + backOff.pause(afterFailures: failures))
    }
}
