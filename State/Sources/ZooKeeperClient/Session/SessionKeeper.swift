import Synchronization

/// Keeps a session: connects, tells who wants to know, and begins a new one when the old one has expired.
///
/// One task does all of it, one event after another; the C client connects again by itself as long as the session lasts.
final class SessionKeeper: Sendable {
    typealias Log = @Sendable (ZooKeeperLogLevel, String) -> Void

    private let options: ZooKeeperOptions
    private let state: SessionState
    private let watches: WatchRegistry
    private let ephemerals: EphemeralNodes
    private let log: Log
    private let isFirst = Mutex(true)

    init(
        _ options: ZooKeeperOptions,
        state: SessionState,
        watches: WatchRegistry,
        ephemerals: EphemeralNodes,
        log: @escaping Log
    ) {
        self.options = options
        self.state = state
        self.watches = watches
        self.ephemerals = ephemerals
        self.log = log
    }

    /// Runs until the task is cancelled, or the servers refuse the credentials; closes the session then.
    func run() async {
        var attempt = 0
        var stalls = 0
        var identity: SessionIdentity?
        // When the session must be over, as long as there is no connection.
        var sessionEnd: ContinuousClock.Instant?
        while !Task.isCancelled {
            attempt += 1
            guard let (handle, events) = await start(attempt, identity) else { continue }
            let outage = Outage(
                // Servers may be slow instead: more patience each time.
                patience: 2 << min(stalls, 4),
                look: { await self.look(handle) },
                onExpiry: { self.tellExpired() },
                onStall: { events.tell(.stalled) }
            )
            let end = await serve(handle, attempt, events.stream, outage, &sessionEnd)
            outage.end()
            // Told already, if it has passed.
            sessionEnd = end == .stalled ? sessionEnd.flatMap { $0 > .now ? $0 : nil } : nil
            identity = end == .stalled ? handle.identity : nil
            stalls = end == .stalled ? stalls + 1 : 0
            await handle.close()
            if end == .over { return }
        }
    }

    /// The events of one handle that the keeper itself looks at.
    private struct Events {
        let stream: AsyncStream<HandleEvent>
        let tell: @Sendable (HandleEvent) -> Void
    }

    /// How following one handle has ended.
    private enum End {
        /// The session has expired.
        case expired
        /// The session may live, but this handle finds no way to it.
        case stalled
        /// The client is closed, or its credentials are refused.
        case over
    }

    /// A session on its way, a new one or the one with the identity; nil, after a pause, if none could be started.
    private func start(_ attempt: Int, _ identity: SessionIdentity?) async -> (ZooKeeperHandle, Events)? {
        let (events, continuation) = AsyncStream.makeStream(of: HandleEvent.self)
        let addresses = await Resolver.addresses(of: options.connection.servers)
        do {
            guard !addresses.isEmpty else { throw ZooKeeperError(.unreachable, detail: "no host name resolves") }
            let handle = try ZooKeeperHandle(
                servers: addresses,
                sessionTimeout: options.sessionTimeout,
                credentials: options.credentials,
                identity: identity
            ) { [watches, state] event in
                switch event {
                case .nodeChanged(let path): watches.changed(path, [.data])
                case .childrenChanged(let path): watches.changed(path, [.children])
                case .nodeCameOrWent(let path): watches.changed(path, [.data, .children])
                case .connected, .authenticationFailed, .stalled: continuation.yield(event)
                case .disconnected, .expired:
                    // At once, so that no call is tried again in vain meanwhile.
                    state.disconnected(attempt: attempt)
                    continuation.yield(event)
                }
            }
            return (handle, Events(stream: events) { continuation.yield($0) })
        } catch {
            _ = await look(nil)
            try? await Task.sleep(for: options.retryInterval)
            return nil
        }
    }

    /// Follows one handle until its end or that of the task.
    private func serve(
        _ handle: ZooKeeperHandle,
        _ attempt: Int,
        _ events: AsyncStream<HandleEvent>,
        _ outage: Outage,
        _ sessionEnd: inout ContinuousClock.Instant?
    ) async -> End {
        var granted: Duration?
        outage.begin(sessionEnd: sessionEnd)
        for await event in events {
            switch event {
            case .connected(let id, let timeout):
                let session = LiveSession(handle: handle, id: id, attempt: attempt)
                guard isPlausible(timeout), await connected(session, isNew: granted == nil) else { continue }
                granted = timeout
                sessionEnd = nil
                outage.end()
                log(.debug, "ZooKeeper session 0x\(hex(id)) at \(options.connection), timeout \(timeout)")
            case .disconnected:
                guard granted != nil else { continue }
                // Again, because this may have been marked before the event that it had connected was looked at.
                state.disconnected(attempt: attempt)
                state.tell(.disconnected)
                log(.info, "the connection to ZooKeeper at \(options.connection) is lost; connecting again")
                sessionEnd = granted.map { .now + $0 }
                outage.begin(sessionEnd: sessionEnd)
            case .expired:
                state.disconnected(attempt: attempt)
                ephemerals.sessionEnded()
                outage.expired()
                return .expired
            case .stalled:
                guard state.isConnecting else { continue }
                log(.info, "ZooKeeper at \(options.connection) serves, but leaves us unanswered; connecting anew")
                return .stalled
            case .authenticationFailed:
                log(.error, "ZooKeeper at \(options.connection) does not accept the credentials")
                let error = ZooKeeperError(.authenticationFailed)
                _ = state.end(error)
                watches.finish(error)
                return .over
            case .nodeChanged, .childrenChanged, .nodeCameOrWent:
                continue
            }
        }
        return .over
    }

    /// Makes the session known; false if the connection broke before all ephemeral nodes were there again.
    private func connected(_ session: LiveSession, isNew: Bool) async -> Bool {
        guard isNew else {
            state.connected(session)
            watches.connected(session.handle, isNewSession: false)
            state.tell(.connected)
            return true
        }
        guard let lost = await createEphemerals(session) else { return false }
        begin(session, lost)
        return true
    }

    /// Whether a ZooKeeper server can have granted the timeout: the C client takes any bytes for an answer.
    private func isPlausible(_ timeout: Duration) -> Bool {
        timeout > .zero && timeout <= max(options.sessionTimeout, .seconds(3600)) * 2
    }

    private func begin(_ session: LiveSession, _ lost: [String]) {
        let isFirst = isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
        let isSame = state.isLatest(session.id)
        ephemerals.belong(to: session.id)
        state.connected(session)
        // What was watched through another handle is not through this one, be the session the same.
        watches.connected(session.handle, isNewSession: true)
        state.tell(isFirst || isSame ? .connected : .renewed)
        for path in lost {
            ephemerals.remove(path)
            state.tell(.ephemeralLost(path))
            log(
                .warning,
                "the ephemeral node \(path) is not created again: another session has it, or its parent is gone"
            )
        }
    }

    /// Looks for what is wrong, for the messages of the calls that wait; servers may have got other addresses, too.
    ///
    /// - Returns: whether a server serves.
    private func look(_ handle: ZooKeeperHandle?) async -> Bool {
        let servers = options.connection.servers
        let report = await ServerProbe.report(servers)
        guard state.isConnecting, !Task.isCancelled else { return false }
        if state.setTrouble(report.text) {
            log(.warning, "no ZooKeeper server gives a session: \(report.text); trying on")
        }
        let addresses = await Resolver.addresses(of: servers)
        if !addresses.isEmpty, !Task.isCancelled { handle?.setServers(addresses) }
        return report.hasServer
    }

    private func tellExpired() {
        log(.warning, "the ZooKeeper session at \(options.connection) has expired, or counts as expired")
        state.tell(.expired)
    }

    private func hex(_ session: Int64) -> String { String(UInt64(bitPattern: session), radix: 16) }
}

/// Creating the ephemeral nodes again.
extension SessionKeeper {
    /// Creates all of them in a new session; returns those that others have by now, or nil if the connection broke.
    private func createEphemerals(_ session: LiveSession) async -> [String]? {
        var lost: [String] = []
        for (path, node) in ephemerals.all() {
            guard let isOurs = await create(path, node.data, session) else { return nil }
            if !isOurs { lost.append(path) }
        }
        return lost
    }

    /// Whether the node is this session's now; nil if the connection broke.
    private func create(_ path: String, _ data: [UInt8], _ session: LiveSession) async -> Bool? {
        while !Task.isCancelled {
            do {
                try await call { session.handle.create(path, data, isEphemeral: true, $0) }
                return true
            } catch let error as ZooKeeperError {
                switch error.code {
                case .connectionLost: return nil
                // The server is slow; as long as the connection stands nobody else will try again.
                case .timeout: continue
                case .nodeExists:
                    if let isOurs = await isOurs(path, session) { return isOurs }
                default: return false
                }
            } catch {
                return nil
            }
        }
        return nil
    }

    /// Whether the node that stands is this session's; nil if there is none, or it was removed, or may have been.
    private func isOurs(_ path: String, _ session: LiveSession) async -> Bool? {
        do {
            let stat = try await call { session.handle.exists(path, watch: false, $0) }
            guard stat.ephemeralOwner != session.id else { return true }
            // One of our own that the server has not removed yet, because it learned late that we were gone.
            guard state.isOwn(stat.ephemeralOwner) else { return false }
            try await call { session.handle.delete(path, version: stat.version, $0) }
            return nil
        } catch {
            return nil
        }
    }

    private func call<Value: Sendable>(
        _ start: (@escaping ZooKeeperHandle.Completion<Value>) -> Void
    ) async throws -> Value {
        let deadline = ContinuousClock.now + options.sessionTimeout
        return try await waitForCompletion(before: deadline, onExpiry: ZooKeeperError(.timeout), start)
    }
}

/// How important a message is.
public enum ZooKeeperLogLevel: Sendable, Hashable {
    case debug, info, warning, error
}
