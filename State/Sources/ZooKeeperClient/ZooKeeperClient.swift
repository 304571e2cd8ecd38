/// A client of a ZooKeeper ensemble: asynchronous calls with deadlines, over as many sessions as it takes.
///
/// All who open the same ensemble with the same chroot and credentials share one session of the process; each has a
/// client of its own, and ephemeral nodes that end with it. Calls may come from any task. They wait for a connection
/// that is lost, until their deadline; a call under which the connection breaks is tried again, a write only after it is
/// known not to have taken place. Paths are absolute, below the chroot; errors name them as they are on the server.
///
/// Calls throw ``ZooKeeperError``, and `CancellationError` at once when their task is cancelled.
public final class ZooKeeperClient: Sendable {
    let shared: SharedSession
    /// Tells this client's ephemeral nodes from those of others who share the session.
    let user: UInt64
    let streams = OpenStreams()

    private init(_ shared: SharedSession, user: UInt64) {
        self.shared = shared
        self.user = user
    }

    deinit {
        guard streams.close() else { return }
        Task { [shared, user] in await shared.leave(user) }
    }

    /// Connects, and waits for the session.
    ///
    /// - Parameter log: what is told about the connection, from any thread; that of the first to open a session counts.
    /// - Throws: ``ZooKeeperError``: `unreachable`, with what is wrong with each server, after the connection timeout;
    ///   `authenticationFailed`.
    public static func open(
        _ options: ZooKeeperOptions,
        log: @escaping @Sendable (ZooKeeperLogLevel, String) -> Void
    ) async throws -> ZooKeeperClient {
        let (shared, user) = SharedSession.join(options, log: log)
        let client = ZooKeeperClient(shared, user: user)
        do {
            _ = try await shared.state.session(before: .now + options.connectionTimeout, "")
            return client
        } catch let error as ZooKeeperError where error.code == .unreachable && error.detail.isEmpty {
            await client.close()
            throw ZooKeeperError(.unreachable, detail: await ServerProbe.report(options.connection.servers).text)
        } catch {
            await client.close()
            throw error
        }
    }

    /// How long the servers keep the session of a client that is gone, unless they have bounds of their own.
    public var sessionTimeout: Duration { shared.options.sessionTimeout }

    /// Ends the client's streams, deletes its ephemeral nodes, and ends the session if nobody else uses it; returns when
    /// that is done or cannot be done. Later calls throw `closed`. May be called again.
    public func close() async {
        guard streams.close() else { return }
        // A task of its own, so that the nodes go even if the caller's task is cancelled.
        await Task { [shared, user] in await shared.leave(user) }.value
    }

    func checkOpen(_ path: String) throws {
        if streams.isClosed { throw ZooKeeperError(.closed, path: path) }
    }

    /// The path on the server, with the chroot.
    func absolute(_ path: String) -> String {
        let chroot = shared.options.connection.chroot
        return chroot.isEmpty ? path : (path == "/" ? chroot : chroot + path)
    }

    /// The path below the chroot of one on the server.
    public func relative(_ path: String) -> String {
        let rest = path.dropFirst(shared.options.connection.chroot.count)
        return rest.isEmpty ? "/" : String(rest)
    }

    /// Whether the session that an ephemeral node belongs to is, or was not long ago, this process's own.
    public func isOwn(session: Int64) -> Bool { shared.state.isOwn(session) }
}
