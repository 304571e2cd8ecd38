import MesosProtocol

/// A call, and who wants to know what becomes of it.
struct QueuedCall: Sendable {
    let call: MesosCall
    let completion: (@Sendable (CallOutcome) -> Void)?
}

/// Calls in the order in which they are sent, within bounds.
struct CallQueue {
    /// A framework that has so many unanswered has a master that does not listen.
    static let maximumCount = 10_000

    private var calls: [QueuedCall] = []
    /// How many at the beginning of `calls` were taken.
    private var taken = 0

    var isEmpty: Bool { taken == calls.count }

    /// False if there is no room for it.
    mutating func add(_ call: QueuedCall) -> Bool {
        guard calls.count - taken < Self.maximumCount else { return false }
        calls.append(call)
        return true
    }

    mutating func next() -> QueuedCall? {
        guard taken < calls.count else { return nil }
        taken += 1
        defer {
            if taken > calls.count / 2 {
                calls.removeFirst(taken)
                taken = 0
            }
        }
        return calls[taken - 1]
    }

    mutating func removeAll() -> [QueuedCall] {
        defer { self = CallQueue() }
        return Array(calls[taken...])
    }
}
