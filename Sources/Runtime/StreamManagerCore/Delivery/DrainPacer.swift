import NIOCore

/// Decides when cached tuples leave.
///
/// At rest they leave at the end of the event loop's current round: nothing is gained by waiting. Under load, when the
/// last departure was only just now, they wait for company, never longer than the interval.
struct DrainPacer {
    /// Cached bytes that leave at once, however short ago the last departure was.
    private static let urgentBytes = 1 << 20
    /// Longer than this no tuple waits, whatever the configuration allows.
    private static let maximumInterval = TimeAmount.milliseconds(1)

    /// What to do after tuples were cached.
    enum Decision: Equatable {
        /// A departure is due already.
        case wait
        /// Drain when the loop's current round is over.
        case endOfRound
        /// Drain after a delay.
        case later(TimeAmount)
        /// Drain immediately, before more is read.
        case now
    }

    private let interval: TimeAmount
    private var lastDrain: NIODeadline?
    private var isDue = false

    /// - Parameter upperBound: the configured drain frequency; only shortens the interval.
    init(upperBound: TimeAmount) {
        interval = min(max(upperBound, .nanoseconds(0)), DrainPacer.maximumInterval)
    }

    /// To be called after tuples were cached.
    mutating func cached(bytes: Int, now: NIODeadline) -> Decision {
        if bytes >= DrainPacer.urgentBytes { return .now }
        guard !isDue else { return .wait }
        isDue = true
        guard let lastDrain, now - lastDrain < interval else { return .endOfRound }
        return .later(interval - (now - lastDrain))
    }

    /// To be called when the cache was drained.
    mutating func drained(now: NIODeadline) {
        lastDrain = now
        isDue = false
    }
}
