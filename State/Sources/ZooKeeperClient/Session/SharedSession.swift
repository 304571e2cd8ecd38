import Synchronization

/// A session of this process, shared by all who open the same ensemble with the same chroot and credentials.
final class SharedSession: Sendable {
    private struct Key: Hashable {
        let connection: ZooKeeperConnection
        let credentials: ZooKeeperCredentials?
    }

    private struct Sessions {
        var open: [Key: (session: SharedSession, users: Set<UInt64>)] = [:]
        var nextUser: UInt64 = 0
    }

    private static let sessions = Mutex(Sessions())

    let options: ZooKeeperOptions
    let state = SessionState()
    let watches: WatchRegistry
    let ephemerals: EphemeralNodes
    private let keeper: SessionKeeper
    private let running = Mutex<Task<Void, Never>?>(nil)

    /// How long the end of a session waits for its ephemeral nodes to be deleted.
    private static let farewell = Duration.seconds(2)

    private init(_ options: ZooKeeperOptions, log: @escaping SessionKeeper.Log) {
        self.options = options
        watches = WatchRegistry()
        ephemerals = EphemeralNodes(watches: watches)
        keeper = SessionKeeper(options, state: state, watches: watches, ephemerals: ephemerals, log: log)
    }

    /// The session for the options, begun if there is none, and a number for its new user.
    static func join(_ options: ZooKeeperOptions, log: @escaping SessionKeeper.Log) -> (SharedSession, UInt64) {
        let key = Key(connection: options.connection, credentials: options.credentials)
        return sessions.withLock { sessions in
            sessions.nextUser += 1
            let user = sessions.nextUser
            if let open = sessions.open[key], !open.session.state.isOver {
                sessions.open[key] = (open.session, open.users.union([user]))
                return (open.session, user)
            }
            let session = SharedSession(options, log: log)
            session.running.withLock { $0 = Task { [keeper = session.keeper] in await keeper.run() } }
            sessions.open[key] = (session, [user])
            return (session, user)
        }
    }

    /// Deletes the user's ephemeral nodes; ends the session with its last user.
    func leave(_ user: UInt64) async {
        await deleteEphemerals(of: user)
        let key = Key(connection: options.connection, credentials: options.credentials)
        let isUnused = Self.sessions.withLock { sessions in
            guard var open = sessions.open[key], open.session === self else { return false }
            open.users.remove(user)
            sessions.open[key] = open.users.isEmpty ? nil : open
            return open.users.isEmpty
        }
        guard isUnused else { return }
        let error = ZooKeeperError(.closed)
        _ = state.end(error)
        watches.finish(error)
        let task = running.withLock(\.self)
        task?.cancel()
        await task?.value
    }

    private func deleteEphemerals(of user: UInt64) async {
        let nodes = ephemerals.all(of: user).map(\.path)
        guard !nodes.isEmpty, let session = try? state.current() else { return }
        for path in nodes { ephemerals.remove(path) }
        let deadline = ContinuousClock.now + Self.farewell
        await withTaskGroup(of: Void.self) { group in
            for path in nodes {
                group.addTask { await self.delete(path, session, before: deadline) }
            }
        }
    }

    /// Deletes the node if it is the session's own; another may have taken its place.
    private func delete(_ path: String, _ session: LiveSession, before deadline: ContinuousClock.Instant) async {
        do {
            let stat = try await waitForCompletion(before: deadline, onExpiry: ZooKeeperError(.timeout)) {
                session.handle.exists(path, watch: false, $0)
            }
            guard stat.ephemeralOwner == session.id else { return }
            try await waitForCompletion(before: deadline, onExpiry: ZooKeeperError(.timeout)) {
                session.handle.delete(path, version: nil, $0)
            }
        } catch {
            // Gone already, or it goes with the session.
        }
    }
}
