/// Why a request got no whole response; one line that names host and port, never the rest of the URL.
public struct HTTPClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it.
    public enum Code: Sendable, Hashable {
        /// The URL, the method or a header cannot be sent.
        case invalidRequest
        /// libcurl cannot be loaded.
        case noLibrary
        /// The host is unknown, or does not accept connections there.
        case notConnected
        /// The time was over; whether the server acted on the request is unknown.
        case timeout
        /// The response is larger than the caller takes.
        case tooLarge
        /// The connection or the protocol broke; whether the server acted on the request is unknown.
        case broken
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
