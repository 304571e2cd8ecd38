import Glibc
import HTTPTesting
import NIOPosix
import Testing

@testable import RuntimeHTTP

@Suite("HTTP server")
struct HTTPServerTests {
    /// Runs a server on a free port while the body runs.
    private func withServer<Result>(
        configure: (inout HTTPServerSettings) -> Void = { _ in },
        handler: @escaping HTTPServer.Handler,
        _ body: (HTTPServer) async throws -> Result
    ) async throws -> Result {
        var settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
        configure(&settings)
        let server = try await HTTPServer.start(
            settings,
            group: MultiThreadedEventLoopGroup.singleton,
            handler: handler
        )
        do {
            let result = try await body(server)
            await server.stop(grace: .seconds(1))
            return result
        } catch {
            await server.stop(grace: .seconds(1))
            throw error
        }
    }

    @Sendable private static func echo(_ request: HTTPRequest) async -> HTTPResponse {
        let query = request.query.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        let body = String(decoding: request.body, as: UTF8.self)
        return .text("\(request.method) \(request.path) [\(query)] \(request.header("x-test") ?? "-") \(body)")
    }

    @Test("a request reaches the handler whole, and its answer the client")
    func exchange() async throws {
        try await withServer(handler: Self.echo) { server async throws in
            let reply = try await fetch(
                "POST",
                "/a%20b?x=1",
                port: server.port,
                body: "hello",
                headers: "X-Test: t\r\n"
            )
            #expect(reply.status == 200)
            #expect(reply.reason == "OK")
            #expect(reply.text == "POST /a b [x=1] t hello")
            #expect(reply.headers["connection"] == "close")
        }
    }

    @Test("the peer's address is known")
    func peer() async throws {
        try await withServer(handler: { .text($0.peer ?? "?") }) { server async throws in
            #expect(try await fetch("/", port: server.port).text == "127.0.0.1")
        }
    }

    @Test("a connection serves several requests, also pipelined ones")
    func keepAlive() async throws {
        try await withServer(handler: Self.echo) { server async throws in
            let first = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
            let rest = "GET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            let bytes = try await RawConnection(port: server.port).exchange([first, rest])
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.components(of: "HTTP/1.1 200 OK") == 3)
            #expect(text.contains("GET /1 ") && text.contains("GET /2 ") && text.contains("GET /3 "))
        }
    }

    @Test("HEAD gets the header alone")
    func head() async throws {
        try await withServer(handler: { _ in .text("12345") }) { server async throws in
            let reply = try await fetch("HEAD", "/", port: server.port)
            #expect(reply.headers["content-length"] == "5")
            #expect(reply.body.isEmpty)
        }
    }

    @Test("a body beyond the limit is refused, with the connection still usable")
    func bodyLimit() async throws {
        try await withServer(configure: { $0.maxBodyBytes = 10 }, handler: Self.echo) { server async throws in
            let large = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n12345678901"
            let next = "GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            let text = String(
                decoding: try await RawConnection(port: server.port).exchange([large, next]),
                as: UTF8.self
            )
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.contains("larger than 10 bytes"))
            #expect(text.contains("GET /next "))
        }
    }

    @Test("a header beyond the limit, and what is not HTTP, are refused and the connection closed")
    func badHeaders() async throws {
        try await withServer(configure: { $0.maxHeaderBytes = 1000 }, handler: Self.echo) { server async throws in
            let large = "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 2000))\r\n\r\n"
            for request in [large, "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n"] {
                let bytes = try await RawConnection(port: server.port).exchange([request])
                #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 4"))
            }
        }
    }

    @Test("a malformed target is refused before the handler")
    func badTarget() async throws {
        try await withServer(handler: { _ in .text("reached") }) { server async throws in
            let reply = try await fetch("/%zz", port: server.port)
            #expect(reply.status == 400)
            #expect(!reply.text.contains("reached"))
        }
    }

    @Test("a file larger than any buffer arrives whole")
    func file() async throws {
        let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await withServer(handler: { _ in
            HTTPResponse(.ok, body: .file(temporaryFile(content, announcing: content.count)))
        }) { server async throws in
            let reply = try await fetch("/", port: server.port)
            #expect(reply.headers["content-length"] == "3000000")
            #expect(reply.body == content)
        }
    }

    @Test("a file that became shorter ends the connection, not the server")
    func truncatedFile() async throws {
        try await withServer(handler: { request in
            request.path == "/ok"
                ? .text("fine") : HTTPResponse(.ok, body: .file(temporaryFile([1, 2, 3], announcing: 10)))
        }) { server async throws in
            let reply = try? await fetch("/", port: server.port)
            #expect(reply?.body.count ?? 0 < 10)
            #expect(try await fetch("/ok", port: server.port).text == "fine")
        }
    }

    @Test("clients that send nothing, or half a request, are let go")
    func slowClients() async throws {
        try await withServer(
            configure: {
                $0.idleTimeout = .milliseconds(50)
                $0.bodyTimeout = .milliseconds(50)
            },
            handler: Self.echo
        ) { server async throws in
            for start in ["", "GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf"] {
                #expect(try await RawConnection(port: server.port).exchange([start]) == [])
            }
        }
    }

    @Test("one client too many waits until another has gone")
    func connectionLimit() async throws {
        try await withServer(configure: { $0.maxConnections = 1 }, handler: Self.echo) { server async throws in
            async let replies = [
                fetch("/1", port: server.port), fetch("/2", port: server.port), fetch("/3", port: server.port),
            ]
            #expect(try await replies.allSatisfy { $0.status == 200 })
        }
    }

    @Test("a stop lets a request in progress finish and closes idle connections")
    func gracefulStop() async throws {
        let (started, startedSignal) = AsyncStream.makeStream(of: String.self)
        let (release, releaseSignal) = AsyncStream.makeStream(of: Void.self)
        let settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
        let server = try await HTTPServer.start(settings, group: MultiThreadedEventLoopGroup.singleton) { request in
            startedSignal.yield(request.path)
            if request.path == "/busy" { for await _ in release { break } }
            return .text("finished \(request.path)")
        }
        let port = server.port
        // Both are known to the server before it stops; the second one stays open, as far as its client is concerned.
        async let busy = fetch("/busy", port: port)
        async let idle = RawConnection(port: port).exchange(["GET /idle HTTP/1.1\r\nHost: h\r\n\r\n"])
        var waiting: Set = ["/busy", "/idle"]
        for await path in started {
            waiting.remove(path)
            if waiting.isEmpty { break }
        }
        async let stopped: Void = server.stop(grace: .seconds(20))
        #expect(String(decoding: try await idle, as: UTF8.self).hasSuffix("finished /idle"))
        releaseSignal.yield()
        #expect(try await busy.text == "finished /busy")
        // That the port is closed is not looked at: another test may have been given it by now.
        await stopped
    }

    @Test("a port in use is a clear error")
    func portInUse() async throws {
        try await withServer(handler: Self.echo) { server async throws in
            let error = await #expect(throws: HTTPServerError.self) {
                try await withServer(configure: { $0.port = server.port }, handler: Self.echo) { _ in }
            }
            #expect(error?.description == "cannot listen on 127.0.0.1:\(server.port): Address already in use")
        }
    }
}

private func temporaryFile(_ content: [UInt8], announcing length: Int) -> FileBody {
    let stream = tmpfile()
    let descriptor = dup(fileno(stream))
    fclose(stream)
    #expect(pwrite(descriptor, content, content.count, 0) == content.count)
    return FileBody(takingOwnershipOf: descriptor, length: length)
}

extension String {
    fileprivate func components(of part: String) -> Int {
        ranges(of: part).count
    }
}
