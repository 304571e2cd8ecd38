import MesosProtocol

/// A request that wants an answer; whoever makes one chooses a number that is not in use.
public struct RequestID: Sendable, Hashable {
    public let number: UInt64

    public init(_ number: UInt64) {
        self.number = number
    }
}

/// What happens to a ``Framework``.
public enum FrameworkEvent: Sendable {
    /// Keep the containers running from now on. A resumed topology was scheduled before.
    case schedule(RequestID, isResumed: Bool)
    /// End everything for good.
    case kill(RequestID)
    /// Restart one container, or all for -1.
    case restart(RequestID, container: Int32)

    /// Ask the master now what became of every task.
    case reconcile(RequestID)
    /// Decline every offer that is held.
    case declineAll(RequestID)

    /// A subscription began; `master` is where: `http://host:port`.
    case subscribed(MesosEvent.Subscribed, master: String)
    case disconnected(reason: String)
    /// The master ended or refused the subscription with an ERROR event.
    case refused(message: String)
    /// The master does not let us in.
    case denied(reason: String)
    /// An event of the stream; SUBSCRIBED and ERROR do not come this way.
    case received(MesosEvent)
    /// The master did not take a call.
    case callRejected(MesosCall, status: Int, message: String)
    /// The master has taken the TEARDOWN.
    case tornDown
    /// A launch could not be put into words, so that it was not sent; the offers stand.
    case launchFailed(LaunchOrder, reason: String)
    case timePassed
}
