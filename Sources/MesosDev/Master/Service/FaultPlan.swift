/// The faults that wait for something to happen to.
struct FaultPlan: Sendable {
    /// What is done instead of, or beside, answering a call.
    enum Effect: Sendable, Hashable {
        /// The call is not looked at.
        case status(Int, location: String?)
        /// The call is done and answered, later.
        case delay(seconds: Double)
        /// The connection is cut and the call is not done.
        case cutBefore
        /// The call is done, then the connection is cut instead of an answer.
        case cutAfter
    }

    struct CallFault: Sendable {
        /// The type of the calls, `*` for all.
        let call: String
        let effect: Effect
        /// How many calls more.
        var remaining: Int
    }

    var calls: [CallFault] = []
    var stopsHeartbeats = false
    /// How many of the next updates to send twice.
    var duplicatedUpdates = 0
    /// How many of the next updates not to send.
    var droppedUpdates = 0
    /// How many of the next updates to hold back, then send last first.
    var reorderedUpdates = 0

    /// The effect on a call of a type; it is used up by that.
    mutating func takeEffect(on call: String) -> Effect? {
        guard let index = calls.firstIndex(where: { $0.call == call || $0.call == "*" }) else { return nil }
        defer {
            calls[index].remaining -= 1
            if calls[index].remaining <= 0 { calls.remove(at: index) }
        }
        return calls[index].effect
    }
}
