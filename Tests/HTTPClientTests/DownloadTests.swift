import Synchronization
import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(1))) struct DownloadTests {
    @Test func theBodyGoesToWhoAskedAndNotIntoTheResponse() async throws {
        let body = String(repeating: "0123456789", count: 100_000)
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let received = Mutex<[UInt8]>([])
        let response = try await HTTPClient.download(url: server.url, stallLimit: .seconds(20)) { piece in
            received.withLock { $0 += piece }
        }
        #expect(response.status == 200 && response.header("x") == "y" && response.body.isEmpty)
        #expect(received.withLock { $0 } == Array(body.utf8))
    }

    @Test(arguments: ["302 Found", "404 Not Found", "206 Partial Content"])
    func theBodyOfAnotherAnswerIsLeftOut(_ status: String) async throws {
        let server = try ScriptedServer("HTTP/1.1 \(status)\r\nContent-Length: 4\r\n\r\nbody")
        let response = try await HTTPClient.download(url: server.url, stallLimit: .seconds(20)) { _ in
            Issue.record("a piece of another answer's body")
        }
        #expect("\(response.status) \(response.reason)" == status && response.body.isEmpty)
    }

    @Test func anErrorOfTheTakerEndsTheTransfer() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0", staysOpen: true)
        await #expect(throws: DiskFull.self) {
            try await HTTPClient.download(url: server.url, stallLimit: .seconds(600)) { _ in throw DiskFull() }
        }
    }

    @Test func aSilentServerIsGivenUp() async throws {
        let silent = try ScriptedServer("", staysOpen: true)
        let stuck = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0", staysOpen: true)
        for server in [silent, stuck] {
            let error = await #expect(throws: HTTPClientError.self) {
                try await HTTPClient.download(url: server.url, stallLimit: .milliseconds(50)) { _ in }
            }
            #expect(error?.code == .timeout)
            #expect(error?.description == "127.0.0.1:\(server.port) has sent nothing for 0.05 seconds")
        }
    }

    @Test func aBodyThatIsCutOffIsAnError() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
        let error = await #expect(throws: HTTPClientError.self) {
            try await HTTPClient.download(url: server.url, stallLimit: .seconds(20)) { _ in }
        }
        #expect(error?.code == .broken)
    }

    @Test func aCancelledDownloadEnds() async throws {
        let server = try ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1", staysOpen: true)
        let download = Task { try await HTTPClient.download(url: server.url, stallLimit: .seconds(600)) { _ in } }
        download.cancel()
        await #expect(throws: CancellationError.self) { try await download.value }
    }

    private struct DiskFull: Error {}
}
