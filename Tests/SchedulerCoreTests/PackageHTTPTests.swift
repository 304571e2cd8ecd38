import Dispatch
import Glibc
import HTTPTesting
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@testable import SchedulerCore
@testable import heron_scheduler

@Suite("Published files over HTTP", .timeLimit(.minutes(1)))
struct PackageHTTPTests {
    private let folder: PackageFolder
    /// Of several pieces.
    private let content = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    /// More than the sockets' buffers hold.
    private let large = [UInt8](repeating: 7, count: 16 << 20)

    init() throws {
        folder = try PackageFolder()
    }

    /// Runs a server of the folder's files for a test.
    private func serving(
        slots: Int = 256,
        patience: Duration = .seconds(60),
        _ body: (Int) async throws -> Void
    ) async throws {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let router = Router(context: SchedulerRequestContext.self)
        let slots = DownloadSlots(slots)
        PackageHTTP(packages: folder.store, log: log, slots: slots, patience: patience).add(to: router)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: log
        )
        let group = ServiceGroup(services: [application], logger: log)
        let server = Task { try await group.run() }
        let port = try #require(await ports.first { _ in true })
        do {
            try await body(port)
        } catch {
            server.cancel()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await server.value
    }

    @Test("GET and HEAD of a file, in whole and by exactly its URL")
    func files() async throws {
        try folder.write("core.tar.gz", content)
        try folder.write("empty", "")
        let path = try PackageFolder.urlPath(folder.store.publish("core.tar.gz"))
        let empty = try PackageFolder.urlPath(folder.store.publish("empty"))
        try await serving { port in
            let head = try await fetch("HEAD", path, port: port)
            #expect(head.status == 200 && head.headers["content-length"] == "\(content.count)" && head.body == [])
            let replies = try await withThrowingTaskGroup(of: HTTPReply.self) { group in
                for _ in 1...20 { group.addTask { try await fetch("GET", path, port: port) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for reply in replies {
                #expect(reply.status == 200 && reply.headers["content-length"] == "\(content.count)")
                #expect(reply.body == content)
            }
            let nothing = try await fetch("GET", empty, port: port)
            #expect(nothing.status == 200 && nothing.body == [])
            for wrong in [path + "x", path + "/", "/packages/x/core.tar.gz", "/packages/..%2f/etc", "/once/x/y"] {
                #expect(try await fetch("GET", wrong, port: port).status == 404)
                #expect(try await fetch("HEAD", wrong, port: port).status == 404)
            }
            #expect(try await fetch("POST", path, port: port).status >= 404)
        }
    }

    @Test("A one-time URL brings the file once")
    func once() async throws {
        try folder.write("secret", "hello")
        let path = try PackageFolder.urlPath(folder.store.publishOnce("secret"))
        try await serving { port in
            #expect(try await fetch("HEAD", path, port: port).headers["content-length"] == "5")
            let reply = try await fetch("GET", path, port: port)
            #expect(reply.text == "hello" && reply.headers["cache-control"] == "no-store")
            #expect(try await fetch("GET", path, port: port).status == 404)
        }
    }

    @Test("A download that was broken off can be tried again; meanwhile, nobody else has it")
    func brokenOff() async throws {
        try folder.write("secret", large)
        let path = try PackageFolder.urlPath(folder.store.publishOnce("secret"))
        try await serving { port in
            let client = try SlowClient(path, port)
            while folder.store.size(of: path) != nil { await Task.yield() }
            #expect(try await fetch("GET", path, port: port).status == 404)
            client.close()
            while folder.store.size(of: path) == nil { await Task.yield() }
            #expect(try await fetch("GET", path, port: port).body == large)
        }
    }

    @Test("However many fetch at the same time, each gets bytes at once")
    func nobodyWaits() async throws {
        try folder.write("core", large)
        let path = try PackageFolder.urlPath(folder.store.publish("core"))
        try await serving { port in
            let clients = try (1...100).map { _ in try SlowClient(path, port) }
            for client in clients { await client.readSome() }
            #expect(try await fetch("GET", path, port: port).body == large)
            for client in clients { client.close() }
        }
    }

    @Test("What is beyond the bound is refused, until a download has ended")
    func bound() async throws {
        try folder.write("core", large)
        try folder.write("secret", "hello")
        let path = try PackageFolder.urlPath(folder.store.publish("core"))
        let once = try PackageFolder.urlPath(folder.store.publishOnce("secret"))
        try await serving(slots: 2) { port in
            let clients = try (1...2).map { _ in try SlowClient(path, port) }
            for client in clients { await client.readSome() }
            for path in [path, once] {
                let refused = try await fetch("GET", path, port: port)
                #expect(refused.status == 503 && refused.headers["retry-after"] == "10")
                #expect(try await fetch("HEAD", path, port: port).status == 200)
            }
            clients[0].close()
            var reply = try await fetch("GET", once, port: port)
            while reply.status == 503 { reply = try await fetch("GET", once, port: port) }
            #expect(reply.text == "hello")
            clients[1].close()
        }
    }

    @Test("A client that takes nothing is cut off")
    func patience() async throws {
        try folder.write("secret", large)
        let path = try PackageFolder.urlPath(folder.store.publishOnce("secret"))
        try await serving(patience: .milliseconds(50)) { port in
            let client = try SlowClient(path, port)
            while folder.store.size(of: path) != nil { await Task.yield() }
            while folder.store.size(of: path) == nil { await Task.yield() }
            client.close()
        }
    }

    @Test("A download ends early when the file is written to")
    func writtenTo() async throws {
        try folder.write("core", large)
        let path = try PackageFolder.urlPath(folder.store.publishOnce("core"))
        try await serving { port in
            let client = try SlowClient(path, port)
            await client.readSome()
            try folder.write("core", "other")
            #expect(await client.readAll() < large.count)
            client.close()
        }
    }

    @Test("The end of the service ends downloads")
    func shutdown() async throws {
        try folder.write("core", large)
        let path = try PackageFolder.urlPath(folder.store.publishOnce("core"))
        var client: SlowClient?
        try await serving { port in
            client = try SlowClient(path, port)
            await client?.readSome()
        }
        client?.close()
    }

    @Test(
        "Only loopback addresses are this machine's",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
            ("128.0.0.1", false), ("::", false), ("::2", false), ("::ffff:10.0.0.1", false), ("fe80::1", false),
            ("::127.0.0.1", false), ("2001:db8::7f00:1", false),
        ]
    )
    func loopback(_ address: String, _ isLoopback: Bool) throws {
        #expect(SchedulerRequestContext.isLoopback(try SocketAddress(ipAddress: address, port: 1)) == isLoopback)
    }
}

/// Asks for a file and reads the answer only when it is told to.
private final class SlowClient: Sendable {
    private let descriptor: Int32

    init(_ path: String, _ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // As much as the kernel may keep unread.
        var size: Int32 = 64 << 10
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let request = Array("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n".utf8)
        try #require(write(descriptor, request, request.count) == request.count)
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// Waits for the beginning of the answer.
    func readSome() async {
        #expect(await read(atMost: 1) == 1)
    }

    /// Reads until the server ends the connection; returns how many bytes came.
    func readAll() async -> Int {
        await read(atMost: .max)
    }

    private func read(atMost limit: Int) async -> Int {
        await withCheckedContinuation { continuation in
            // Not a thread of the pool that the server reads its disk with.
            DispatchQueue.global().async { [descriptor] in
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                var total = 0
                while total < limit {
                    let count: Int = Glibc.read(descriptor, &buffer, min(buffer.count, limit - total))
                    guard count > 0 else { break }
                    total += count
                }
                continuation.resume(returning: total)
            }
        }
    }
}
