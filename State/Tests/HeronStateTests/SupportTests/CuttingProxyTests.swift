import Dispatch
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CuttingProxyTests {
    private let server: EchoServer
    private let proxy: CuttingProxy

    init() throws {
        server = try EchoServer()
        proxy = try CuttingProxy(to: server.port)
    }

    @Test func forwardsUntilCut() throws {
        let client = try Client(proxy.port)
        client.send("one")
        #expect(client.receive(3) == "one")
        #expect(proxy.connections == 1)
        proxy.cut()
        #expect(proxy.connections == 0)
        #expect(client.receive(1) == nil)
        let next = try Client(proxy.port)
        next.send("two")
        #expect(next.receive(3) == "two")
    }

    @Test func refusesAndListensAgainOnItsPort() throws {
        let client = try Client(proxy.port)
        client.send("one")
        #expect(client.receive(3) == "one")
        proxy.behaviour = .refuse
        #expect(throws: TestFailure.self) { try Client(proxy.port) }
        client.send("two")
        #expect(client.receive(3) == "two", "a connection that stands goes on")
        proxy.behaviour = .forward
        let next = try Client(proxy.port)
        next.send("three")
        #expect(next.receive(5) == "three")
    }

    @Test func stallsAndGoesOn() throws {
        proxy.behaviour = .stall
        let client = try Client(proxy.port)
        client.send("one")
        #expect(!client.hasData(within: .milliseconds(50)))
        proxy.behaviour = .forward
        #expect(client.receive(3) == "one")
    }

    @Test func delaysAnswers() throws {
        proxy.behaviour = .delayAnswers(.milliseconds(100))
        let client = try Client(proxy.port)
        let start = ContinuousClock.now
        client.send("one")
        #expect(client.receive(3) == "one")
        #expect(ContinuousClock.now - start >= .milliseconds(100))
    }

    @Test func dropsAnswersOfRequestsThatPass() throws {
        proxy.behaviour = .dropAnswers
        let client = try Client(proxy.port)
        client.send("one")
        // On the same connection, so that the answer to the first one has come and gone.
        #expect(server.waitForBytes(3))
        #expect(!client.hasData(within: .milliseconds(50)))
        proxy.behaviour = .forward
        #expect(client.receive(1) == nil, "a connection with a hole in it is cut")
    }

    @Test(arguments: [0, 2])
    func truncatesAnswers(after count: Int) throws {
        proxy.behaviour = .truncateAnswers(after: count)
        let client = try Client(proxy.port)
        client.send("answer")
        #expect(client.receive(6) == (count == 0 ? nil : String("answer".prefix(count))))
        #expect(server.waitForBytes(6), "the request has arrived")
        #expect(proxy.behaviour == .forward)
    }

    @Test func closesWhereTheServerDoes() throws {
        let client = try Client(proxy.port)
        client.send("one!")
        #expect(client.receive(100) == "one!", "the server closes after an exclamation mark")
    }

    @Test func closesWithoutAServer() throws {
        let (socket, port) = try Loopback.bind()
        defer { close(socket) }
        let proxy = try CuttingProxy(to: port)
        let client = try Client(proxy.port)
        #expect(client.receive(1) == nil)
    }

    @Test func movesMuch() throws {
        let client = try Client(proxy.port)
        let text = String(repeating: "0123456789", count: 20_000)
        for _ in 0..<3 {
            client.send(text)
            #expect(client.receive(text.utf8.count) == text)
        }
    }
}

/// A blocking connection.
private final class Client {
    private let socket: Int32

    init(_ port: Int) throws {
        socket = try Loopback.connect(port)
    }

    deinit {
        close(socket)
    }

    func send(_ text: String) {
        _ = Glibc.send(socket, text, text.utf8.count, Loopback.noSignal)
    }

    /// So many bytes, or fewer when the connection ends; nil if it has ended.
    func receive(_ count: Int) -> String? {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = recv(socket, &buffer, count, Int32(MSG_WAITALL))
        return received > 0 ? String(decoding: buffer[..<received], as: UTF8.self) : nil
    }

    func hasData(within limit: Duration) -> Bool {
        var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, Int32(limit / .milliseconds(1))) > 0
    }
}

/// Sends back what it gets, until it gets an exclamation mark.
private final class EchoServer: Sendable {
    let port: Int
    private let listener: Int32
    private let received = DispatchSemaphore(value: 0)

    init() throws {
        (listener, port) = try Loopback.bind()
        listen(listener, 16)
        DispatchQueue(label: "echo").async { [listener, received] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                DispatchQueue(label: "echo connection").async { Self.echo(socket, received) }
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RD))
    }

    /// Whether so many bytes have arrived, or do soon.
    func waitForBytes(_ count: Int) -> Bool {
        (0..<count).allSatisfy { _ in received.wait(timeout: .now() + 5) == .success }
    }

    private static func echo(_ socket: Int32, _ received: DispatchSemaphore) {
        defer { close(socket) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(socket, &buffer, buffer.count, 0), count > 0 {
            guard send(socket, buffer, count, Loopback.noSignal) == count else { return }
            for _ in 0..<count { received.signal() }
            if buffer[..<count].contains(UInt8(ascii: "!")) { return }
        }
    }
}
