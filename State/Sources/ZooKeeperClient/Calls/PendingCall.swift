import Synchronization

/// A task that waits for an answer, until the answer comes, the deadline passes, or the task is cancelled.
final class PendingCall<Value: Sendable>: Expirable {
    private enum Phase {
        case new
        case waiting(CheckedContinuation<Value, any Error>)
        case over
    }

    let deadline: ContinuousClock.Instant
    private let onExpiry: ZooKeeperError
    private let phase = Mutex(Phase.new)

    init(deadline: ContinuousClock.Instant, onExpiry: ZooKeeperError) {
        self.deadline = deadline
        self.onExpiry = onExpiry
    }

    /// Takes the continuation; false, after resuming it, if the call was cancelled before.
    func begin(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isWanted = phase.withLock { phase in
            guard case .new = phase else { return false }
            phase = .waiting(continuation)
            return true
        }
        if !isWanted { continuation.resume(throwing: CancellationError()) }
        return isWanted
    }

    /// Ends the call, unless it has ended before.
    func finish(_ result: Result<Value, ZooKeeperError>) {
        guard let continuation = end() else { return }
        Deadlines.shared.remove(self)
        continuation.resume(with: result)
    }

    func cancel() {
        let continuation = end()
        Deadlines.shared.remove(self)
        continuation?.resume(throwing: CancellationError())
    }

    func expire() {
        end()?.resume(throwing: onExpiry)
    }

    private func end() -> CheckedContinuation<Value, any Error>? {
        phase.withLock { phase in
            defer { phase = .over }
            if case .waiting(let continuation) = phase { return continuation }
            return nil
        }
    }
}

/// Waits for the completion that `start` is handed.
///
/// - Throws: the completion's error; `onExpiry` when the deadline passes before; `CancellationError`.
func waitForCompletion<Value: Sendable>(
    before deadline: ContinuousClock.Instant,
    onExpiry: ZooKeeperError,
    _ start: (@escaping @Sendable (Result<Value, ZooKeeperError>) -> Void) -> Void
) async throws -> Value {
    let call = PendingCall<Value>(deadline: deadline, onExpiry: onExpiry)
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            guard call.begin(continuation) else { return }
            Deadlines.shared.add(call)
            start { call.finish($0) }
        }
    } onCancel: {
        call.cancel()
    }
}
