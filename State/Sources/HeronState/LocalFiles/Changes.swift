import Synchronization

/// Hands on values that differ from the one before.
final class Changes<Value: Sendable & Equatable>: Sendable {
    private let continuation: AsyncThrowingStream<Value, any Error>.Continuation
    private let last = Mutex<Value?>(nil)

    init(_ continuation: AsyncThrowingStream<Value, any Error>.Continuation) {
        self.continuation = continuation
    }

    func yield(_ value: Value) {
        let isNew = last.withLock { last in
            defer { last = value }
            // Value may be an optional itself: no value yet is not the same as none.
            return last.map { $0 != value } ?? true
        }
        if isNew { continuation.yield(value) }
    }
}
