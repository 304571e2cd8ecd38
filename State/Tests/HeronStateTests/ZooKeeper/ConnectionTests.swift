import Dispatch
import Glibc
import HeronState
import Synchronization
import Testing

@testable import ZooKeeperClient

/// What an operator sees when the connection cannot be made as configured.
@Suite(.timeLimit(.minutes(1)), .enabled(if: ZooKeeperServer.isInstalled, ZooKeeperServer.missing))
struct ConnectionTests {
    private func failure(
        _ connection: String,
        root: String = "/heron",
        _ change: (inout StateSettings) -> Void = { _ in }
    ) async -> StateError? {
        var settings = StateSettings(connection: connection, rootPath: root)
        settings.zooKeeper.connectionTimeout = .seconds(20)
        change(&settings)
        do {
            await (try openStateManager(settings) { _, _ in }).close()
            return nil
        } catch {
            return error as? StateError
        }
    }

    @Test("A server that is not there, is unknown, or is not a server of ZooKeeper is said to be so")
    func unreachable() async throws {
        let closed = try Loopback.freePorts(1)[0]
        let silent = try Loopback.bind()
        listen(silent.0, 16)
        defer { close(silent.0) }
        let web = try WebServer()
        let findings = [
            ("127.0.0.1:\(closed)", "127.0.0.1:\(closed): connection refused"),
            ("no-such-host.invalid", "no-such-host.invalid:2181: unknown host"),
            ("127.0.0.1:\(silent.1)", "127.0.0.1:\(silent.1): accepts the connection and does not answer"),
            ("127.0.0.1:\(web.port)", "127.0.0.1:\(web.port): answers, but is not a ZooKeeper server"),
        ]
        for (connection, finding) in findings {
            let error = await failure(connection) { $0.zooKeeper.connectionTimeout = .seconds(4) }
            #expect(error?.code == .connectionLost)
            let text = try #require(error?.description)
            #expect(text.hasPrefix("ZooKeeper at ") && text.contains(" cannot be reached ("), "\(text)")
            #expect(text.contains(finding), "\(text)")
            #expect(text.hasSuffix("; see that it runs and that the connection string is right"))
        }
        let both = await failure("127.0.0.1:\(closed),no-such-host.invalid:1") { settings in
            settings.zooKeeper.connectionTimeout = .seconds(4)
            settings.zooKeeper.isTunnelWanted = true
        }
        #expect(both?.description.contains("refused; no-such-host.invalid:1: unknown host") == true)
        #expect(both?.hint == "heron opens no tunnels by itself: see docs/zookeeper.md for how to")
    }

    @Test("One server of three is enough to start")
    func oneOfThree() async throws {
        let server = try await ZooKeeperServer.shared()
        let closed = try Loopback.freePorts(1)[0]
        let connection = "no-such-host.invalid:2181,127.0.0.1:\(closed),\(server.connection)"
        #expect(await failure(connection, root: freshRoot()) == nil)
    }

    @Test("A chroot must exist, and all stays below it")
    func chroot() async throws {
        let server = try await ZooKeeperServer.shared()
        let chroot = freshRoot()
        let missing = await failure(server.connection + chroot)
        #expect(missing?.code == .badConfiguration)
        #expect(missing?.message.contains("the node after the servers in heron.statemgr.connection.string") == true)
        let client = try await ZooKeeperClient.open(port: server.port)
        try await client.create(chroot, [], isEphemeral: false, before: .soon)
        for root in ["/", "/a/b"] {
            let state = try await openState(port: server.port, root: root) { $0.connection += chroot }
            let path = try StatePath(own: "T", "x", "y")
            try await state.create(path, bytes("1"), .persistent)
            var values = state.watch(path).makeAsyncIterator()
            #expect(try await values.next()??.text == "1")
            let absolute = "\(chroot)\(root == "/" ? "" : root)/\(path)"
            _ = try await client.set(absolute, bytes("2"), version: nil, before: .soon)
            #expect(try await values.next()??.text == "2")
            await expectError(.nodeExists, path: "\(path)") { try await state.create(path, [], .persistent) }
            try await state.create(StatePath(.schedulers, "T"), [], .ephemeral)
            await state.close()
            #expect(try await client.children("\(chroot)\(root == "/" ? "" : root)/schedulers", before: .soon) == [])
        }
        await client.close()
    }

    @Test("Credentials on a tree that everybody can change are warned about")
    func openTree() async throws {
        let server = try await ZooKeeperServer.shared()
        let (open, closed) = (freshRoot(), freshRoot())
        #expect(await failure(server.connection, root: open) == nil)
        let folder = try TemporaryDirectory()
        try Files.write(folder.path + "/auth", "alice:secret\n")
        chmod(folder.path + "/auth", 0o600)
        for (root, warnings) in [(open, 1), (closed, 0)] {
            var settings = StateSettings(connection: server.connection, rootPath: root)
            settings.zooKeeper.credentialsSources = [.file(folder.path + "/auth")]
            let told = Synchronization.Mutex<[String]>([])
            let state = try await openStateManager(settings) { level, message in
                if level == .warning { told.withLock { $0.append(message) } }
            }
            #expect(told.withLock(\.count) == warnings)
            #expect(told.withLock { $0.allSatisfy { $0.contains("can be changed by everybody") } })
            await state.close()
        }
    }

    @Test("A tree that is not to be made must be there")
    func noTree() async throws {
        let server = try await ZooKeeperServer.shared()
        let root = freshRoot()
        let error = await failure(server.connection, root: root) { $0.initializeTree = false }
        #expect(error?.code == .badConfiguration)
        #expect(error?.description.contains("is.initialize.tree") == true)
        #expect(await failure(server.connection, root: root) == nil)
        #expect(await failure(server.connection, root: root) { $0.initializeTree = false } == nil)
    }

    @Test("Nodes above ZooKeeper's limit are refused before anything is sent")
    func limits() async throws {
        let server = try await ZooKeeperServer.shared()
        let state = try await openState(port: server.port, root: freshRoot())
        let (a, b) = (try StatePath(own: "T", "a"), try StatePath(own: "T", "b"))
        let size = 0xFFFFF
        let error = await expectError(.tooLarge, path: "\(a)") {
            try await state.create(a, [UInt8](repeating: 0, count: size), .persistent)
        }
        #expect(error?.message.contains("\(size) bytes are more than the ") == true)
        // What is just allowed is taken by the server, and can be read.
        let most = size - 128 - "/test-\(UInt64.max)/\(a)".utf8.count
        try await state.create(a, [UInt8](repeating: 7, count: most), .persistent)
        #expect(try await state.get(a)?.data.count == most)
        await expectError(.tooLarge, path: "\(a)") {
            try await state.set(a, [UInt8](repeating: 0, count: size), version: nil)
        }
        let half = [UInt8](repeating: 0, count: size / 2)
        await expectError(.tooLarge, path: "") {
            try await state.multi([.set(a, half, version: nil), .create(b, half, .persistent)])
        }
        #expect(try await state.get(b) == nil)
        #expect(try await state.get(a)?.version == 0)
        await state.close()
    }
}

/// Answers every request with a refusal, as a web server answers ZooKeeper's protocol.
private final class WebServer: Sendable {
    let port: Int
    private let socket: Int32

    init() throws {
        let (socket, port) = try Loopback.bind()
        (self.socket, self.port) = (socket, port)
        listen(socket, 16)
        DispatchQueue(label: "web server").async { Self.serve(socket) }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    private static func serve(_ socket: Int32) {
        let answer =
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nBad request, indeed."
        while case let client = accept(socket, nil, nil), client >= 0 {
            var buffer = [UInt8](repeating: 0, count: 256)
            if recv(client, &buffer, buffer.count, 0) > 0 { send(client, answer, answer.utf8.count, Loopback.noSignal) }
            close(client)
        }
    }
}
