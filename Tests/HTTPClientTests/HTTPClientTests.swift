import HTTPTesting
import Testing

@testable import HTTPClient

@Suite struct HTTPClientTests {
    @Test func aResponseArrivesWhole() async throws {
        let server = try ScriptedServer(
            "HTTP/1.1 100 Continue\r\nX: no\r\n\r\n"
                + "HTTP/1.1 404 Not here\r\nX-One:  a b \r\nContent-Length: 4\r\n\r\nbody"
        )
        let response = try await get("\(server.url)/path?q=1")
        #expect(response.status == 404 && response.reason == "Not here")
        #expect(response.header("x-one") == "a b" && response.header("x") == nil)
        #expect(response.body == Array("body".utf8))
        #expect(await server.request().hasPrefix("GET /path?q=1 HTTP/1.1\r\n"))
    }

    @Test func headersAndBodyAreSentAsGiven() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", after: "\0b")
        _ = try await HTTPClient.request(
            method: "POST",
            url: server.url,
            headers: [("Authorization", "Bearer s"), ("X-Empty", "")],
            body: Array("a\0b".utf8),
            timeout: .seconds(20),
            maxResponseBytes: 100
        )
        let request = await server.request()
        #expect(request.hasPrefix("POST / HTTP/1.1\r\n") && request.hasSuffix("\r\n\r\na\0b"))
        #expect(request.contains("\r\nAuthorization: Bearer s\r\n") && request.contains("\r\nX-Empty:\r\n"))
        #expect(request.contains("\r\nContent-Length: 3\r\n"))
        #expect(!request.contains("Expect:") && !request.contains("Content-Type:"))
    }

    @Test func anEmptyBodyIsNotNoBody() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let posted = try ScriptedServer(answer)
        let deleted = try ScriptedServer(answer)
        _ = try await send("POST", posted.url, body: [])
        _ = try await send("DELETE", deleted.url, body: nil)
        #expect(await posted.request().contains("\r\nContent-Length: 0\r\n"))
        #expect(await !deleted.request().contains("Content-Length"))
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let server = try ScriptedServer(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        )
        #expect(try await get(server.url).status == 302)
    }

    @Test func aHeadHasNoBody() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", staysOpen: true)
        let response = try await send("HEAD", server.url, body: nil)
        #expect(response.status == 200 && response.body.isEmpty)
    }

    @Test func aBodyBeyondTheLimitIsRefused() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a")
        await fails(.tooLarge, "the answer from 127.0.0.1:\(server.port) is longer than 10 bytes") {
            try await get(server.url, limit: 10)
        }
    }

    @Test func whoDoesNotAnswerTimesOut() async throws {
        let server = try ScriptedServer("", staysOpen: true)
        await fails(.timeout, "no answer from 127.0.0.1:\(server.port) within 0.1 seconds") {
            try await get(server.url, timeout: .milliseconds(100))
        }
    }

    @Test func aBrokenAnswerIsAnError() async throws {
        let silent = try ScriptedServer("")
        let cut = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
        for server in [silent, cut] {
            let error = await #expect(throws: HTTPClientError.self) { try await get(server.url) }
            #expect(error?.code == .broken)
            #expect(error?.description.hasPrefix("the request to 127.0.0.1:\(server.port) failed: ") == true)
        }
    }

    @Test func connectionsThatCannotBeMadeNameHostAndPort() async throws {
        let closed = try ClosedPort()
        let port = closed.number
        await fails(.notConnected, "cannot reach 127.0.0.1:\(port): connection refused") {
            try await get("http://user:secret@127.0.0.1:\(port)/secret")
        }
        withExtendedLifetime(closed) {}
        await fails(.notConnected, "cannot reach nowhere.invalid:80: the host is not known") {
            try await get("http://nowhere.invalid:80/")
        }
    }

    @Test func aCancelledRequestEnds() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1", staysOpen: true)
        let request = Task { try await get(server.url, timeout: .seconds(600)) }
        request.cancel()
        await #expect(throws: CancellationError.self) { try await request.value }
    }

    @Test(arguments: ["", "ftp://host/", "http://", "http://:80/", "file:///etc/passwd", "http://a b/", "http://a\n/"])
    func otherURLsAreRefused(_ url: String) async {
        await fails(.invalidRequest, "only http:// and https:// URLs with a host can be asked") { try await get(url) }
    }

    @Test func whatCannotBeSentIsRefused() async {
        await fails(.invalidRequest, "'GE T' is not an HTTP method") { try await send("GE T", "http://h", body: nil) }
        for header in [("A\r\nB", "x"), ("A", "x\r\nB: y"), ("", "x"), ("A:", "x")] {
            let error = await #expect(throws: HTTPClientError.self) {
                try await HTTPClient.request(
                    method: "GET",
                    url: "http://h",
                    headers: [header],
                    timeout: .seconds(1),
                    maxResponseBytes: 1
                )
            }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func aMissingLibraryNamesThePackage() {
        let error = #expect(throws: HTTPClientError.self) { try CurlLibrary(file: "libno-such-curl.so.4") }
        #expect(error?.code == .noLibrary)
        #expect(error?.description.contains("libno-such-curl.so.4") == true)
        #expect(error?.description.hasSuffix("install the Debian package libcurl4") == true)
        #expect(throws: HTTPClientError.self) { try CurlLibrary(file: "libc.so.6") }
    }

    private func get(_ url: String, timeout: Duration = .seconds(20), limit: Int = 1000) async throws -> HTTPResponse {
        try await HTTPClient.request(method: "GET", url: url, timeout: timeout, maxResponseBytes: limit)
    }

    private func send(_ method: String, _ url: String, body: [UInt8]?) async throws -> HTTPResponse {
        try await HTTPClient.request(
            method: method,
            url: url,
            body: body,
            timeout: .seconds(20),
            maxResponseBytes: 1000
        )
    }

    private func fails(
        _ code: HTTPClientError.Code,
        _ description: String,
        _ work: () async throws -> HTTPResponse
    ) async {
        let error = await #expect(throws: HTTPClientError.self) { try await work() }
        #expect(error?.code == code)
        #expect(error?.description == description)
    }
}
