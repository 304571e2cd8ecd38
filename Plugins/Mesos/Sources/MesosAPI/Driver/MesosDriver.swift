import MesosProtocol

/// A framework's connection to Mesos: one subscription, over its v1 scheduler API, and calls in order.
///
/// All functions may be called from any thread, the driver's own included. That thread does the work, and tells events
/// and what became of calls, one after another. Whoever lets go of the last reference closes the driver.
public final class MesosDriver: Sendable {
    let options: MesosOptions
    let authorization: String?
    let shared: DriverShared
    private let thread: DriverThread

    /// Starts the thread; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - log: one line, without secrets; called on the driver's thread.
    ///   - receive: called on the driver's thread, and not to block for long: nothing is read from the master meanwhile.
    /// - Throws: ``MesosOptionsError``: credentials that cannot be sent, no libcurl, no thread.
    public init(
        _ options: MesosOptions,
        log: @escaping @Sendable (MesosLogLevel, String) -> Void,
        receive: @escaping @Sendable (DriverEvent) -> Void
    ) throws(MesosOptionsError) {
        let authorization = try options.authentication.header()
        let multi = try CurlMulti(CurlLibrary.shared.get())
        let shared = DriverShared(multi, first: Masters(options.master).candidate)
        let thread = DriverThread()
        self.options = options
        self.authorization = authorization
        self.shared = shared
        self.thread = thread
        do throws(MesosOptionsError) {
            try thread.start {
                DriverLoop(options, shared, multi, authorization: authorization, log: log, receive: receive).run()
            }
        } catch {
            multi.close()
            throw error
        }
    }

    deinit {
        close()
    }

    /// What it is doing.
    public var state: DriverState { shared.state }

    /// The master that it is subscribed at, and its address as `http://host:port`; nil if it is not subscribed. Set
    /// before ``DriverEvent/subscribed(_:)`` is told.
    public var master: (info: MesosMasterInfo, url: String)? { shared.master }

    /// Subscribes, in place of the present subscription or attempt, whose end is not told.
    ///
    /// Tries for ever, with pauses, until it can tell ``DriverEvent/subscribed(_:)``, or ``DriverEvent/refused(message:)``
    /// or ``DriverEvent/denied(reason:)``. The first attempt of a driver is made at once.
    ///
    /// - Parameter call: a SUBSCRIBE.
    public func subscribe(_ call: MesosCall) {
        shared.inbox.post(.subscribe(call))
    }

    /// Finds the leading master without subscribing, for ``operatorCall(json:)``. Blocks the calling thread, for as long as
    /// a call may take at most; false if no leader is known then.
    public func findLeader() -> Bool {
        shared.inbox.post(.findLeader)
        return shared.waitForEndpoint(options.callTimeout)
    }

    /// Sends a call of the present subscription, after those before; one at a time is under way. It is dropped if there
    /// is no subscription, or it ends before the call's turn.
    ///
    /// - Parameter completion: told once what became of the call, on the driver's thread, also when the driver is closed;
    ///   in addition to ``DriverEvent/callRejected(_:status:message:)`` and ``DriverEvent/disconnected(reason:)``, which
    ///   come after it.
    public func send(_ call: MesosCall, completion: (@Sendable (CallOutcome) -> Void)? = nil) {
        let call = QueuedCall(call: call, completion: completion)
        if !shared.inbox.post(.send(call)) { completion?(.lost(reason: "the driver is closed")) }
    }

    /// Ends the subscription, which leaves the framework and its tasks as they are, and the driver's thread.
    ///
    /// Calls that wait get ``MesosOptions/closeTimeout`` to be sent. No event is told from now on; what became of calls is. Returns
    /// when the thread has ended, at once when called on that thread. May be called again.
    public func close() {
        shared.inbox.post(.close)
        thread.wait()
    }
}
