import Dispatch
import Synchronization

/// Something that ends at a time unless it ends before.
protocol Expirable: AnyObject, Sendable {
    var deadline: ContinuousClock.Instant { get }
    /// Called at the deadline, or soon after, from any thread.
    func expire()
}

/// Ends calls at their deadlines: one timer for all of them, set for the earliest, so that a call costs no timer.
final class Deadlines: Sendable {
    static let shared = Deadlines()

    private struct State {
        var calls: [ObjectIdentifier: any Expirable] = [:]
        /// When the next look at the calls is due; nil if none is.
        var nextLook: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "heron.zookeeper.deadlines")

    func add(_ call: any Expirable) {
        let isSooner = state.withLock { state in
            state.calls[ObjectIdentifier(call)] = call
            guard state.nextLook.map({ call.deadline < $0 }) ?? true else { return false }
            state.nextLook = call.deadline
            return true
        }
        if isSooner { look(at: call.deadline) }
    }

    func remove(_ call: any Expirable) {
        state.withLock { _ = $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
    }

    private func look(at time: ContinuousClock.Instant) {
        let delay = max(ContinuousClock.now.duration(to: time), .zero)
        // A little later than the deadline rather than a little earlier.
        queue.asyncAfter(deadline: .now() + .microseconds(delay.microseconds + 500)) { [self] in
            expireCalls(time)
        }
    }

    private func expireCalls(_ time: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let (expired, next) = state.withLock { state -> ([any Expirable], ContinuousClock.Instant?) in
            // A look that an earlier one has taken the place of.
            guard state.nextLook == time else { return ([], nil) }
            let expired = state.calls.values.filter { $0.deadline <= now }
            for call in expired { state.calls[ObjectIdentifier(call)] = nil }
            state.nextLook = state.calls.values.map(\.deadline).min()
            return (expired, state.nextLook)
        }
        for call in expired { call.expire() }
        if let next { look(at: next) }
    }
}
