import Glibc
import MesosFramework

/// Milliseconds since the epoch that never go back, whatever is done to the machine's clock.
struct FrameworkClock: Sendable {
    private let start: ContinuousClock.Instant = .now
    private let startMoment: Moment

    init() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        startMoment = Moment(time.tv_sec) * 1000 + Moment(time.tv_nsec) / 1_000_000
    }

    var now: Moment {
        let passed = start.duration(to: .now).components
        return startMoment + passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
    }

    func instant(_ moment: Moment) -> ContinuousClock.Instant { start + .milliseconds(moment - startMoment) }
}
