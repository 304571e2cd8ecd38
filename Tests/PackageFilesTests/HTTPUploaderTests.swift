import Files
import HTTPClient
import NIOCore
import NIOPosix
import Testing

@testable import Uploading

@Suite struct HTTPUploaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("package", "content\r\n--of the package")
    }

    /// What becomes of an upload to a server that answers so.
    private func upload(_ answer: String) async throws -> (uri: String, request: String) {
        try await UploadServer.use(answer) { port, requests in
            let upload = try await HTTPUploader(uri: "http://127.0.0.1:\(port)/store").upload(folder["package"])
            try await upload.undo()
            return (upload.uri, try await requests())
        }
    }

    private func answer(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    @Test func sendsAFormAndTakesTheAnswerForTheURI() async throws {
        let (uri, request) = try await upload(answer("http://store/p.tar.gz\r\n"))
        #expect(uri == "http://store/p.tar.gz")
        #expect(request.hasPrefix("POST /store HTTP/1.1\r\n"))
        let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
        let type = try #require(parts[0].firstRange(of: "Content-Type: multipart/form-data; boundary="))
        let boundary = parts[0][type.upperBound...].prefix { !$0.isNewline }
        let head =
            "Content-Disposition: form-data; name=\"file\"; filename=\"topology.tar.gz\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
        #expect(parts[1] == "--\(boundary)\r\n\(head)content\r\n--of the package\r\n--\(boundary)--\r\n")
    }

    @Test(arguments: ["", "done", ":", "x:", "a b:c", "<p>see http://x</p>", "http://a b", "http://a\nhttp://b"])
    func answersThatAreNoURI(_ body: String) async throws {
        await #expect(throws: UploadError.noURI(answer: body)) { try await upload(answer(body)) }
    }

    @Test(arguments: ["404 Not Found", "302 Found", "500 Oh"])
    func refusals(_ status: String) async throws {
        let code = try #require(Int(status.prefix(3)))
        await #expect(throws: UploadError.refused(status: code, reason: String(status.dropFirst(4)))) {
            try await upload(answer("http://store/p", status: status))
        }
    }

    @Test func answersAreBounded() async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await upload(answer("http://" + String(repeating: "a", count: 5000)))
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func packagesAreBounded() async throws {
        let uploader = try HTTPUploader(uri: "http://127.0.0.1:1/", limit: 5)
        await #expect(throws: UploadError.tooLarge(path: folder["package"], limit: 5)) {
            try await uploader.upload(folder["package"])
        }
    }
}

/// Takes one request, answers as it was told, and closes.
private enum UploadServer {
    static func use<Result: Sendable>(
        _ answer: String,
        _ body: (_ port: Int, _ request: () async throws -> String) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let port = try #require(server.channel.localAddress?.port)
        let serving = Task {
            try await server.executeThenClose { connections in
                for try await connection in connections { return try await serve(connection, answer) }
                return ""
            }
        }
        do {
            let result = try await body(port) { try await serving.value }
            return result
        } catch {
            serving.cancel()
            _ = try? await serving.value
            throw error
        }
    }

    private static func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ answer: String) async throws
        -> String
    {
        try await connection.executeThenClose { inbound, outbound in
            var request = ""
            for try await piece in inbound {
                request += String(buffer: piece)
                guard isWhole(request) else { continue }
                try await outbound.write(ByteBuffer(string: answer))
                break
            }
            return request
        }
    }

    private static func isWhole(_ request: String) -> Bool {
        let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
        guard parts.count == 2, let name = parts[0].firstRange(of: "Content-Length: ") else { return false }
        return Int(parts[0][name.upperBound...].prefix(while: \.isNumber)) == parts[1].utf8.count
    }
}
