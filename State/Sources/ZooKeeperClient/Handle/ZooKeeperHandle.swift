internal import CZooKeeper
import Dispatch
import Glibc
import Synchronization

/// One session of the C client, with its two threads.
///
/// Calls may come from any thread. Their completions, and the events, are called on the C client's own thread: they must
/// not block. Each completion is called exactly once, with `connectionLost` if the session ends before the answer.
final class ZooKeeperHandle: Sendable {
    typealias Completion<Value> = @Sendable (Result<Value, ZooKeeperError>) -> Void

    /// The C client's handle; nil once it is closed.
    let pointer: Mutex<Pointer?>
    private let credentials: ZooKeeperCredentials?
    private let watcher: HandleWatcher

    // The handle is a pointer that the C client locks itself.
    struct Pointer: @unchecked Sendable {
        let raw: OpaquePointer
    }

    private static let silence: Void = heron_zk_silence()

    /// Begins to connect; what becomes of it is told to `onEvent`.
    ///
    /// - Parameter identity: that of a session to go on with; nil for a new one.
    /// - Parameter servers: numeric `address:port` only, comma-separated, so that the C client never waits for a name.
    /// - Throws: ``ZooKeeperError`` with code `other` if the C client has no thread or memory left.
    init(
        servers: String,
        sessionTimeout: Duration,
        credentials: ZooKeeperCredentials?,
        identity: SessionIdentity?,
        onEvent: @escaping @Sendable (HandleEvent) -> Void
    ) throws {
        Self.silence
        let watcher = HandleWatcher(onEvent)
        let context = Unmanaged.passRetained(watcher)
        let milliseconds = Int32(clamping: sessionTimeout.milliseconds)
        let raw = withUnsafePointer(to: identity?.raw ?? clientid_t()) { id in
            zookeeper_init(servers, watchEvent, milliseconds, identity == nil ? nil : id, context.toOpaque(), 0)
        }
        guard let raw else {
            let reason = String(cString: strerror(errno))
            context.release()
            throw ZooKeeperError(.other(ZSYSTEMERROR.rawValue), detail: "cannot start a session: \(reason)")
        }
        // The C client would look the addresses up again for every packet; they are numbers already.
        zoo_set_servers_resolution_delay(raw, -1)
        self.watcher = watcher
        self.credentials = credentials
        pointer = Mutex(Pointer(raw: raw))
        if let credentials {
            // Sent before anything else on every connection; a refusal comes as an event.
            let digest = credentials.digestBytes
            digest.withUnsafeBytes { bytes in
                let text = bytes.bindMemory(to: CChar.self).baseAddress
                _ = zoo_add_auth(raw, "digest", text, Int32(digest.count), nil, nil)
            }
        }
    }

    /// Ends the session on the server, which removes its ephemeral nodes, and frees the C client.
    ///
    /// Calls under way end with `connectionLost`. May be called again.
    func close() async {
        guard
            let pointer = pointer.withLock({ pointer in
                defer { pointer = nil }
                return pointer
            })
        else { return }
        await withCheckedContinuation { continuation in
            // It joins the client's threads and waits for the server's answer, for seconds at worst.
            DispatchQueue.global().async { [watcher] in
                zookeeper_close(pointer.raw)
                Unmanaged.passUnretained(watcher).release()
                continuation.resume()
            }
        }
    }

    /// What another handle needs to go on with the session; nil if there is none yet. For a handle that is not connected.
    var identity: SessionIdentity? {
        pointer.withLock { pointer in
            guard let pointer, let id = zoo_client_id(pointer.raw)?.pointee, id.client_id != 0 else { return nil }
            return SessionIdentity(raw: id)
        }
    }

    /// Replaces the addresses to connect to, the next time that the connection breaks or is tried.
    func setServers(_ servers: String) {
        pointer.withLock { if let pointer = $0 { _ = zoo_set_servers(pointer.raw, servers) } }
    }

    /// The ACL of nodes to create: for the user of the credentials alone, if there are any.
    var accessControl: UnsafePointer<ACL_vector>? {
        credentials == nil ? heron_zk_open_acl() : heron_zk_creator_acl()
    }

    /// Runs one of the C client's asynchronous calls, with a context that the call's callback takes over.
    func start<Value>(
        _ path: String,
        _ completion: @escaping Completion<Value>,
        _ body: (_ handle: OpaquePointer, _ context: UnsafeMutableRawPointer) -> Int32
    ) {
        let context = Unmanaged.passRetained(CallContext(path, watcher, completion))
        let code = pointer.withLock { $0.map { body($0.raw, context.toOpaque()) } }
        guard code != ZOK.rawValue else { return }
        context.release()
        completion(.failure(code.map { ZooKeeperError($0, path) } ?? ZooKeeperError(.connectionLost, path: path)))
    }
}

/// A session's id and password.
struct SessionIdentity: Sendable {
    fileprivate let raw: clientid_t
}

/// The C client's `watcher_fn`.
private func watchEvent(
    _ handle: OpaquePointer?,
    _ type: Int32,
    _ state: Int32,
    _ path: UnsafePointer<CChar>?,
    _ context: UnsafeMutableRawPointer?
) {
    guard let context, let event = HandleEvent(handle, type: type, state: state, path: path) else { return }
    Unmanaged<HandleWatcher>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.onEvent(event) }
}

/// The context of the C client's watcher.
final class HandleWatcher: Sendable {
    let onEvent: @Sendable (HandleEvent) -> Void

    init(_ onEvent: @escaping @Sendable (HandleEvent) -> Void) {
        self.onEvent = onEvent
    }
}
