import Dispatch
import MesosProtocol
import Synchronization

/// What a driver's thread shares with others.
final class DriverShared: Sendable {
    private struct Status {
        var state = DriverState(phase: .idle, description: "idle", lastFailure: nil)
        var master: (info: MesosMasterInfo, url: String)?
        /// Whom the last SUBSCRIBE was sent to, or who would be next.
        var endpoint: MesosEndpoint?
    }

    let inbox: DriverInbox
    private let status: Mutex<Status>
    /// Signalled when an endpoint becomes known.
    private let endpointFound = DispatchSemaphore(value: 0)

    init(_ multi: CurlMulti, first endpoint: MesosEndpoint?) {
        inbox = DriverInbox(multi)
        status = Mutex(Status(endpoint: endpoint))
    }

    var state: DriverState { status.withLock(\.state) }
    var master: (info: MesosMasterInfo, url: String)? { status.withLock(\.master) }
    var endpoint: MesosEndpoint? { status.withLock(\.endpoint) }

    /// Waits until an endpoint is known, or the time is over; for one thread.
    func waitForEndpoint(_ timeout: Duration) -> Bool {
        if endpoint != nil { return true }
        let milliseconds = Int(timeout / .milliseconds(1))
        return endpointFound.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }

    func update(_ subscription: Subscription) {
        let state = DriverState(subscription)
        let established = subscription.established
        let endpoint =
            if case .connecting(let attempt) = subscription.phase {
                attempt.endpoint
            } else {
                established?.endpoint ?? subscription.masters.candidate
            }
        status.withLock { status in
            status.state = state
            status.master = established.map { ($0.info, $0.endpoint.url) }
            if status.endpoint == nil, endpoint != nil { endpointFound.signal() }
            status.endpoint = endpoint
        }
    }

    func closed() {
        status.withLock { status in
            status = Status(state: DriverState(phase: .closed, description: "closed", lastFailure: nil))
        }
    }
}

extension DriverState {
    init(_ subscription: Subscription) {
        lastFailure = subscription.lastFailure
        switch subscription.phase {
        case .idle:
            phase = .idle
            description = "idle"
        case .awaitingLeader:
            phase = .waitingForLeader
            description = "no leader at \(subscription.masters.address)"
        case .pausing:
            phase = .pausing
            description = "waiting before the next attempt to subscribe at \(subscription.masters.address)"
        case .connecting(let attempt):
            phase = .connecting
            description = "connecting to \(attempt.endpoint)"
        case .subscribed(let established), .ending(let established, _):
            phase = .subscribed
            description = "subscribed at \(established.endpoint)"
        }
    }
}
