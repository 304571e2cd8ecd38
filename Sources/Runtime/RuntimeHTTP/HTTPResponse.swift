/// An answer; the server adds `Content-Length` and `Connection`.
public struct HTTPResponse: Sendable {
    /// What follows the header.
    public enum Body: Sendable {
        case bytes([UInt8])
        /// Sent in pieces, so that memory stays bounded whatever the size.
        case file(FileBody)
    }

    public var status: HTTPStatus
    public var headers: [HTTPHeader]
    public var body: Body

    public init(_ status: HTTPStatus, headers: [HTTPHeader] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer with a body in memory.
    public init(_ status: HTTPStatus = .ok, contentType: String, _ bytes: [UInt8]) {
        self.init(status, headers: [HTTPHeader("Content-Type", contentType)], body: .bytes(bytes))
    }

    /// An answer in plain text.
    public static func text(_ text: String, _ status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, contentType: "text/plain; charset=utf-8", Array(text.utf8))
    }

    /// An answer in HTML; the caller has escaped what needs it.
    public static func html(_ html: String, _ status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, contentType: "text/html; charset=utf-8", Array(html.utf8))
    }
}

/// A status code and the reason phrase beside it.
public struct HTTPStatus: Sendable, Hashable {
    public let code: Int
    public let reason: String

    /// A status with its own reason phrase, of which control characters become spaces: the phrase ends at a line break,
    /// and what followed would be read as a header.
    public init(_ code: Int, _ reason: String) {
        self.code = code
        self.reason = String(
            String.UnicodeScalarView(reason.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })
        )
    }

    public static let ok = HTTPStatus(200, "OK")
    public static let badRequest = HTTPStatus(400, "Bad Request")
    public static let forbidden = HTTPStatus(403, "Forbidden")
    public static let notFound = HTTPStatus(404, "Not Found")
    public static let methodNotAllowed = HTTPStatus(405, "Method Not Allowed")
    public static let contentTooLarge = HTTPStatus(413, "Content Too Large")
    public static let unprocessable = HTTPStatus(422, "Unprocessable Content")
    public static let internalError = HTTPStatus(500, "Internal Server Error")
}
