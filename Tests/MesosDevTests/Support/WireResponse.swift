/// A response as it comes: its head at once, its body bit by bit.
struct WireResponse {
    let status: Int
    /// By name as it was sent.
    let headers: [String: String]
    private var bytes: AsyncStream<[UInt8]>.Iterator
    private var buffer: [UInt8]
    private(set) var isEnded = false

    init(_ connection: WireConnection) async throws {
        bytes = connection.received.makeAsyncIterator()
        buffer = []
        var end: Int?
        while end == nil {
            guard let more = await bytes.next() else { throw WireError("the connection ended before a response") }
            buffer += more
            end = Self.find("\r\n\r\n", in: buffer)
        }
        let lines = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self).split(separator: "\r\n")
        buffer.removeFirst((end ?? 0) + 4)
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        headers = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (String(parts[0]), String(parts[1].drop { $0 == " " }))
            },
            uniquingKeysWith: { $1 }
        )
    }

    func header(_ name: String) -> String? {
        headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    /// The whole body, of a response with a length.
    mutating func body() async throws -> String {
        let length = header("Content-Length").flatMap { Int($0) } ?? 0
        while buffer.count < length { try await readMore() }
        return String(decoding: buffer[..<length], as: UTF8.self)
    }

    /// The next record of a stream, nil after the last chunk.
    mutating func record() async throws -> [UInt8]? {
        if records.isEmpty, let chunk = try await chunk() {
            pending += chunk
            try parseRecords()
            if records.isEmpty { return try await record() }
        }
        return records.isEmpty ? nil : records.removeFirst()
    }

    private var pending: [UInt8] = []
    private var records: [[UInt8]] = []

    private mutating func parseRecords() throws {
        while let line = pending.firstIndex(of: 0x0A) {
            guard let length = Int(String(decoding: pending[..<line], as: UTF8.self)) else {
                throw WireError("'\(String(decoding: pending[..<line], as: UTF8.self))' is not a length")
            }
            guard pending.count >= line + 1 + length else { return }
            records.append(Array(pending[(line + 1)..<(line + 1 + length)]))
            pending.removeFirst(line + 1 + length)
        }
    }

    /// The next chunk, nil for the last, empty one.
    private mutating func chunk() async throws -> [UInt8]? {
        var end = Self.find("\r\n", in: buffer)
        while end == nil {
            try await readMore()
            end = Self.find("\r\n", in: buffer)
        }
        let line = end ?? 0
        guard let length = Int(String(decoding: buffer[..<line], as: UTF8.self), radix: 16) else {
            throw WireError("'\(String(decoding: buffer[..<line], as: UTF8.self))' is not the length of a chunk")
        }
        while buffer.count < line + 2 + length + 2 { try await readMore() }
        let chunk = Array(buffer[(line + 2)..<(line + 2 + length)])
        buffer.removeFirst(line + 2 + length + 2)
        isEnded = length == 0
        return length == 0 ? nil : chunk
    }

    private mutating func readMore() async throws {
        guard let more = await bytes.next() else { throw WireError("the connection ended") }
        buffer += more
    }

    /// Whether the other side ends the connection without more data.
    mutating func endsWithoutData() async -> Bool {
        buffer.isEmpty ? await bytes.next() == nil : false
    }

    private static func find(_ text: String, in bytes: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return nil }
        return (0...(bytes.count - wanted.count)).first { bytes[$0...].starts(with: wanted) }
    }
}

/// What a test's client did not expect.
struct WireError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
