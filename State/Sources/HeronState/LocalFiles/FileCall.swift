import Synchronization

/// One call that waits for blocking work on another thread: until the work is done, the deadline passes, or, as long as
/// the work has not begun, its task is cancelled.
final class FileCall<Value: Sendable>: Sendable {
    private enum Phase {
        case new
        case waiting(CheckedContinuation<Value, any Error>, hasBegun: Bool)
        /// Nobody waits any more.
        case over
    }

    private let phase = Mutex(Phase.new)

    /// Takes the continuation; false, after resuming it, if the call was cancelled before.
    func start(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isWanted = phase.withLock { phase in
            guard case .new = phase else { return false }
            phase = .waiting(continuation, hasBegun: false)
            return true
        }
        if !isWanted { continuation.resume(throwing: CancellationError()) }
        return isWanted
    }

    /// Whether someone still waits.
    var isWanted: Bool {
        phase.withLock { if case .waiting = $0 { true } else { false } }
    }

    /// To be called before the first effect; throws if there must be none, because nobody waits any more.
    func begin() throws {
        try phase.withLock { phase in
            guard case .waiting(let continuation, _) = phase else { throw CancellationError() }
            phase = .waiting(continuation, hasBegun: true)
        }
    }

    func finish(_ result: Result<Value, any Error>) {
        end()?.continuation.resume(with: result)
    }

    /// Ends the call at once, unless the work has begun: that takes a moment only, and then it is known what it did.
    func cancel() {
        let continuation = phase.withLock { phase -> CheckedContinuation<Value, any Error>? in
            if case .waiting(_, hasBegun: true) = phase { return nil }
            defer { phase = .over }
            if case .waiting(let continuation, _) = phase { return continuation }
            return nil
        }
        continuation?.resume(throwing: CancellationError())
    }

    /// Ends the call with an error, which is told whether the work has begun.
    func expire(_ error: (_ hasBegun: Bool) -> StateError) {
        guard let (continuation, hasBegun) = end() else { return }
        continuation.resume(throwing: error(hasBegun))
    }

    private func end() -> (continuation: CheckedContinuation<Value, any Error>, hasBegun: Bool)? {
        phase.withLock { phase in
            guard case .waiting(let continuation, let hasBegun) = phase else { return nil }
            phase = .over
            return (continuation, hasBegun)
        }
    }
}
