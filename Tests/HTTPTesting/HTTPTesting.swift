import NIOCore
import NIOPosix

/// A response as a test sees it.
public struct HTTPReply: Sendable {
    public let status: Int
    public let reason: String
    /// By name in lower case.
    public let headers: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Parses one whole response; nil if the bytes are none.
    public init?(_ bytes: [UInt8]) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            return nil
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let first = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard first.count == 3, let status = Int(first[1]) else { return nil }
        self.status = status
        reason = String(first[2])
        headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
            },
            uniquingKeysWith: { $1 }
        )
        body = Array(bytes[(end + 4)...])
    }
}

/// A client that shows each byte of what it sends and gets.
public struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    public init(port: Int) async throws {
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
            }
    }

    /// Sends the texts, each after the one before it was answered by at least one piece of data, and returns all that
    /// came until the server closed the connection.
    public func exchange(_ texts: [String]) async throws -> [UInt8] {
        try await channel.executeThenClose { inbound, outbound in
            var received: [UInt8] = []
            var rest = texts[...]
            do {
                if let first = rest.popFirst() { try await outbound.write(ByteBuffer(string: first)) }
                for try await chunk in inbound {
                    received += Array(chunk.readableBytesView)
                    if let next = rest.popFirst() { try await outbound.write(ByteBuffer(string: next)) }
                }
            } catch is IOError {
                // Reset by the server, which is one way to close.
            } catch ChannelError.ioOnClosedChannel {
                // Closed before all was sent.
            }
            return received
        }
    }
}

/// Sends one request on a connection of its own and returns the response.
public func fetch(
    _ method: String,
    _ target: String,
    port: Int,
    body: String = "",
    headers: String = ""
) async throws -> HTTPReply {
    let request =
        "\(method) \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(headers)"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let bytes = try await RawConnection(port: port).exchange([request])
    guard let reply = HTTPReply(bytes) else { throw NoReply(bytes: bytes) }
    return reply
}

/// A `GET` of the target.
public func fetch(_ target: String, port: Int) async throws -> HTTPReply {
    try await fetch("GET", target, port: port)
}

/// What came is no response.
public struct NoReply: Error {
    public let bytes: [UInt8]
}
