/// What a ``MesosDriver`` is doing, for people who wait for it.
public struct DriverState: Sendable, Hashable, CustomStringConvertible {
    public enum Phase: Sendable, Hashable {
        /// Nothing, until the next subscribe.
        case idle
        /// No master is known to lead.
        case waitingForLeader
        /// Waiting before the next attempt.
        case pausing
        case connecting
        case subscribed
        case closed
    }

    public var phase: Phase
    /// One line: `no leader at zk://…`, `connecting to http://…`, `subscribed at http://…` and the like.
    public var description: String
    /// Why the last attempt failed or the last subscription ended; nil if nothing failed since the subscription began.
    public var lastFailure: String?
}

/// How important a message of a ``MesosDriver`` is.
public enum MesosLogLevel: Sendable, Hashable {
    case debug, info, warning, error
}

/// What became of a call.
public enum CallOutcome: Sendable, Hashable {
    /// The master has taken it; what it does about it is told by events, if at all.
    case accepted
    /// The master does not take it.
    case rejected(status: Int, message: String)
    /// It was not sent, or nobody knows whether the master has it.
    case lost(reason: String)
}
