/// How long to wait before a container that ended is started again.
public struct BackOff: Sendable, Hashable {
    /// The pause after a first failure; doubled after each further one.
    public let delay: Duration
    /// The longest pause.
    public let maximum: Duration
    /// A run of at least this length makes the failures before it forgotten.
    public let stable: Duration

    public init(delay: Duration, maximum: Duration, stable: Duration) {
        self.delay = delay
        self.maximum = maximum
        self.stable = stable
    }

    /// The pause after this many failures in a row, from 1.
    public func pause(afterFailures failures: Int) -> Duration {
        var pause = delay
        for _ in 1..<max(failures, 1) {
            if pause >= maximum { break }
            pause *= 2
        }
        return min(pause, maximum)
    }
}
