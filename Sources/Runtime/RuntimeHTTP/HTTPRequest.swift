/// A whole request: its body has arrived and is within the server's limit.
public struct HTTPRequest: Sendable {
    /// `GET`, `POST`, …, as sent.
    public let method: String
    /// The decoded path; begins with `/`.
    public let path: String
    /// The decoded query string.
    public let query: HTTPParameters
    /// The header fields in their order.
    public let headers: [HTTPHeader]
    public let body: [UInt8]
    /// The client's numeric address, or nil if it is not known any more.
    public let peer: String?

    public init(
        method: String,
        path: String,
        query: HTTPParameters = HTTPParameters(),
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        peer: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// Whether the request only reads. A `HEAD` is answered like a `GET`; the server leaves the body out.
    public var isRead: Bool { method == "GET" || method == "HEAD" }

    /// The body as the fields of a form, whatever its declared type; nil if it is not one.
    public var form: HTTPParameters? {
        String(validating: body, as: UTF8.self).flatMap { HTTPParameters(encoded: $0[...]) }
    }

    /// The first header field of that name; names compare without regard to case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// One header field.
public struct HTTPHeader: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
