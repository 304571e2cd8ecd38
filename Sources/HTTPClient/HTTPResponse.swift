/// The answer to a request, whatever its status.
public struct HTTPResponse: Sendable {
    public let status: Int
    /// The words after the status; empty where the server sends none.
    public let reason: String
    /// In the order they came.
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    /// The first value of a header, whatever the case of its name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Takes in a response piece by piece, within bounds.
struct ResponseParser {
    /// All header lines together; libcurl bounds a single one.
    private static let maximumHeaderBytes = 256 * 1024

    let maximumBodyBytes: Int
    /// 0 as long as no whole status line came.
    private(set) var status = 0
    private(set) var reason = ""
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private var headerBytes = 0

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Takes a line of the head; false if the heads get too long. A status line begins the head anew, because interim
    /// responses come before the one that counts.
    mutating func addHeader(_ data: UnsafeRawBufferPointer) -> Bool {
        headerBytes += data.count
        isTooLarge = headerBytes > ResponseParser.maximumHeaderBytes
        guard !isTooLarge else { return false }
        let line = String(decoding: data, as: UTF8.self).filter { !$0.isNewline }
        if line.hasPrefix("HTTP/") {
            let parts = line.split(separator: " ", maxSplits: 2)
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            reason = parts.count == 3 ? String(parts[2]) : ""
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            headers.append((String(line[..<colon]), trimmed(line[line.index(after: colon)...])))
        }
        return true
    }

    /// Takes a piece of the body; false if it gets too long.
    mutating func addBody(_ data: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = data.count > maximumBodyBytes - body.count
        guard !isTooLarge else { return false }
        body.append(contentsOf: data)
        return true
    }

    private func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.prefix(start.count - start.reversed().prefix { $0.isWhitespace }.count))
    }
}
