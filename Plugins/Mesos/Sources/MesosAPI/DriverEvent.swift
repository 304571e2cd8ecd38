import MesosProtocol

/// What a ``MesosDriver`` tells its user.
public enum DriverEvent: Sendable {
    /// A subscription began: calls are taken from now on, and every offer from before is void.
    case subscribed(MesosEvent.Subscribed)
    /// Anything the master sent but SUBSCRIBED, HEARTBEAT and ERROR; types that this version does not know are left out.
    case event(MesosEvent)
    /// The subscription, or the attempt to get one, ended; calls that were not sent yet are dropped. The driver does
    /// nothing more until ``MesosDriver/subscribe(_:)`` is called again, and then paces itself.
    case disconnected(reason: String)
    /// The master ended the subscription, or refused it, with an ERROR event; nothing is retried.
    case refused(message: String)
    /// The master does not let us in (401, 403 to SUBSCRIBE), or TLS or the address cannot work: a mistake in the
    /// configuration, which trying again does not mend.
    case denied(reason: String)
    /// The master answered a call with something else than 202 or 200, while the subscription stands.
    case callRejected(MesosCall, status: Int, message: String)
}
