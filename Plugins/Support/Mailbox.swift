import Dispatch
import Synchronization

/// Messages for one thread that waits for them.
public final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let arrival = DispatchSemaphore(value: 0)

    public init() {}

    public func put(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        // One signal for all that are taken together.
        if isFirst { arrival.signal() }
    }

    /// All messages, as soon as there are any or the time has come; for ever without a time.
    public func take(until deadline: ContinuousClock.Instant?) -> [Message] {
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline).components
            let nanoseconds = max(0, left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000)
            _ = arrival.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
        } else {
            arrival.wait()
        }
        return messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// An answer that one thread waits for and another one gives. Only the first answer counts.
public final class Reply<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    public init() {}

    public func give(_ value: Value) {
        let isFirst = self.value.withLock { current in
            defer { current = current ?? value }
            return current == nil
        }
        if isFirst { ready.signal() }
    }

    /// Blocks until there is an answer. For one thread, once.
    public func wait() -> Value {
        while true {
            ready.wait()
            if let value = value.withLock({ $0 }) { return value }
        }
    }
}
