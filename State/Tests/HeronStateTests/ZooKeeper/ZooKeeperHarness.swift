import CZooKeeper
import Glibc
import Synchronization

@testable import HeronState
@testable import ZooKeeperClient

extension ZooKeeperClient {
    /// Opens a client with a session of its own to one server, or proxy, on loopback.
    static func open(
        port: Int,
        sessionTimeout: Duration = .seconds(3),
        connectionTimeout: Duration = .seconds(20),
        credentials: ZooKeeperCredentials? = nil,
        log: @escaping @Sendable (ZooKeeperLogLevel, String) -> Void = { _, _ in }
    ) async throws -> ZooKeeperClient {
        let connection = try ZooKeeperConnection(parsing: "\(ownSpelling()):\(port)")
        var options = ZooKeeperOptions(connection: connection, credentials: credentials)
        options.sessionTimeout = sessionTimeout
        options.connectionTimeout = connectionTimeout
        // Tests break connections faster than anything else does: only deadlines end calls.
        options.retryCount = .max
        return try await open(options, log: log)
    }

    private static let count = Atomic(0)

    /// 127.0.0.1 with other leading zeros each time: clients share a session only if their connections are the same.
    static func ownSpelling() -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        let fields = ["7f", "0", "0", "1"].enumerated().map { index, digits in
            "0x" + String(repeating: "0", count: number >> (4 * index) & 0xF) + digits
        }
        return fields.joined(separator: ".")
    }

    /// The handle of the session as it is now.
    func handle() async throws -> ZooKeeperHandle {
        try await shared.state.session(before: .soon, "").handle
    }

    /// Ends the session on the server, as an administrator might, by a second client that takes it over and closes it.
    ///
    /// Tried until it is gone: the first client may take it back before the second one has closed it.
    func expireSession() async throws {
        let handle = try await handle()
        let identity = handle.pointer.withLock { $0.flatMap { zoo_client_id($0.raw)?.pointee } }
        guard let identity, identity.client_id != 0 else { throw TestFailure("there is no session") }
        while try await takeOver(identity) == ZOO_CONNECTED_STATE {}
    }

    /// Takes the session over, if it stands, and closes it; returns the state that the server gave.
    private func takeOver(_ identity: clientid_t) async throws -> Int32 {
        var identity = identity
        let states = AsyncStream.makeStream(of: Int32.self)
        let context = Unmanaged.passRetained(StateListener { states.continuation.yield($0) })
        defer { context.release() }
        guard
            let other = zookeeper_init(
                "127.0.0.1:\(shared.options.connection.servers[0].port)",
                { _, type, state, _, context in
                    guard type == ZOO_SESSION_EVENT, let context else { return }
                    Unmanaged<StateListener>.fromOpaque(context).takeUnretainedValue().tell(state)
                },
                10_000,
                &identity,
                context.toOpaque(),
                0
            )
        else { throw TestFailure("zookeeper_init: \(errno)") }
        defer { zookeeper_close(other) }
        for await state in states.stream where state == ZOO_CONNECTED_STATE || state == ZOO_EXPIRED_SESSION_STATE {
            return state
        }
        throw TestFailure("the second client was told nothing")
    }
}

private final class StateListener: Sendable {
    let tell: @Sendable (Int32) -> Void

    init(_ tell: @escaping @Sendable (Int32) -> Void) {
        self.tell = tell
    }
}

extension ContinuousClock.Instant {
    /// Far enough for anything that works.
    static var soon: ContinuousClock.Instant { .now + .seconds(30) }
}

/// The root path for one test on a shared server.
func freshRoot() -> String { "/test-\(UInt64.random(in: 0...UInt64.max))" }

/// A state on a server or proxy of loopback, with a session of its own.
func openState(
    port: Int,
    root: String,
    _ change: (inout StateSettings) -> Void = { _ in }
) async throws -> any StateManager {
    var settings = StateSettings(connection: "\(ZooKeeperClient.ownSpelling()):\(port)", rootPath: root)
    settings.timeout = .seconds(20)
    change(&settings)
    return try await openStateManager(settings) { _, _ in }
}
