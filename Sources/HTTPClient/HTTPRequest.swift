import Glibc

/// A request that was checked and can be sent.
struct HTTPRequest: Sendable {
    let method: String
    let url: String
    /// Host and port, for messages: the rest of a URL may be secret.
    let place: String
    let headerLines: [String]
    let body: [UInt8]?
    let timeout: Duration
    let maximumResponseBytes: Int

    init(
        method: String,
        url: String,
        headers: [(String, String)],
        body: [UInt8]?,
        timeout: Duration,
        maximumResponseBytes: Int
    ) throws(HTTPClientError) {
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw HTTPClientError(.invalidRequest, "'\(method)' is not an HTTP method")
        }
        guard let place = HTTPRequest.place(of: url) else {
            throw HTTPClientError(.invalidRequest, "only http:// and https:// URLs with a host can be asked")
        }
        self.method = method
        self.url = url
        self.place = place
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
        headerLines = try HTTPRequest.lines(headers, hasBody: body != nil)
    }

    /// At least 1, because 0 means no limit to libcurl.
    var timeoutMilliseconds: Int {
        let parts = timeout.components
        let limit = Int64(Int32.max) / 1000
        guard parts.seconds < limit else { return Int(limit) * 1000 }
        return max(1, Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
    }

    /// Calls a function with the body, whose address is nil only if there is none.
    func withBody<Result>(_ work: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard let body else { return work(UnsafeRawBufferPointer(start: nil, count: 0)) }
        // An empty array may have no address.
        let bytes = body.isEmpty ? [0] : body
        return bytes.withUnsafeBytes { work(UnsafeRawBufferPointer(rebasing: $0[..<body.count])) }
    }

    private static func place(of url: String) -> String? {
        let lowercased = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lowercased.hasPrefix($0) }),
            !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else { return nil }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return place.isEmpty || place.hasPrefix(":") ? nil : String(place)
    }

    private static func lines(
        _ headers: [(String, String)],
        hasBody: Bool
    ) throws(HTTPClientError) -> [String] {
        // libcurl would wait for a server's consent before it sends a body.
        var lines = ["Expect:"]
        for (name, value) in headers {
            let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            let isValue = value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
            guard isName, isValue else {
                throw HTTPClientError(
                    .invalidRequest,
                    "the header '\(isName ? name : "?")' holds a character that cannot be sent"
                )
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        // Nor shall it make up what the body is.
        if hasBody, !headers.contains(where: { $0.0.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        return lines
    }
}

/// The system's words for an error number, as they fit the middle of a line.
func systemText(_ code: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(Int32(truncatingIfNeeded: code), &buffer, buffer.count) == 0 else { return "error \(code)" }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.prefix(1).lowercased() + text.dropFirst()
}
