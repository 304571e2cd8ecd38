import NIOCore
import NIOHTTP1

/// One client's connection: requests in, responses out, one after the other.
struct HTTPConnection: Sendable {
    typealias AsyncChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    typealias Inbound = NIOAsyncChannelInboundStream<HTTPServerRequestPart>
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    let channel: AsyncChannel
    let maxBodyBytes: Int
    let handler: HTTPServer.Handler

    /// Runs until the client or the server closes the connection, or the task is cancelled.
    ///
    /// A client that went away or was too slow is no error: there is nobody left to tell.
    func run() async {
        try? await channel.executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            while let part = try await parts.next() {
                guard case .head(let head) = part else { continue }
                let body = try await readBody(&parts)
                let response = await answer(head, body)
                try await send(response, to: head, outbound)
            }
        }
    }

    /// The body, or nil if it was larger than allowed; its bytes are then read and dropped, so that the client, which may
    /// still be sending, gets to see the answer. The connection's guard limits how long that may take.
    private func readBody(_ parts: inout Inbound.AsyncIterator) async throws -> [UInt8]? {
        var body: [UInt8] = []
        var isTooLarge = false
        while case .body(let chunk)? = try await parts.next() {
            if isTooLarge || body.count + chunk.readableBytes > maxBodyBytes {
                isTooLarge = true
                body = []
            } else {
                body.append(contentsOf: chunk.readableBytesView)
            }
        }
        return isTooLarge ? nil : body
    }

    private func answer(_ head: HTTPRequestHead, _ body: [UInt8]?) async -> HTTPResponse {
        guard let body else {
            return .text("the request's body is larger than \(maxBodyBytes) bytes\n", .contentTooLarge)
        }
        guard let target = RequestTarget(head.uri) else {
            return .text("malformed request target: it must be a path, in UTF-8 once decoded\n", .badRequest)
        }
        return await handler(
            HTTPRequest(
                method: head.method.rawValue,
                path: target.path,
                query: target.query,
                headers: head.headers.map { HTTPHeader($0.name, $0.value) },
                body: body,
                peer: channel.channel.remoteAddress?.ipAddress
            )
        )
    }

    private func send(_ response: HTTPResponse, to request: HTTPRequestHead, _ outbound: Outbound) async throws {
        try await outbound.write(.head(responseHead(response, to: request)))
        if request.method != .HEAD {
            switch response.body {
            case .bytes(let bytes): try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
            case .file(let file): try await send(file, outbound)
            }
        }
        try await outbound.write(.end(nil))
    }

    private func responseHead(_ response: HTTPResponse, to request: HTTPRequestHead) -> HTTPResponseHead {
        var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: String(response.body.length))
        headers.replaceOrAdd(name: "Connection", value: request.isKeepAlive ? "keep-alive" : "close")
        let status = HTTPResponseStatus.custom(code: UInt(response.status.code), reasonPhrase: response.status.reason)
        return HTTPResponseHead(version: request.version, status: status, headers: headers)
    }

    /// Each write waits while the client has not taken the pieces before it.
    private func send(_ file: FileBody, _ outbound: Outbound) async throws {
        var offset = 0
        while offset < file.length {
            let size = min(64 << 10, file.length - offset)
            var chunk = ByteBuffer()
            let count = try chunk.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { space in
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: space[..<size]), at: offset)
            }
            guard count > 0 else { throw FileBodyError.truncated }
            offset += count
            try await outbound.write(.body(.byteBuffer(chunk)))
        }
    }
}

extension HTTPResponse.Body {
    fileprivate var length: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.length
        }
    }
}
