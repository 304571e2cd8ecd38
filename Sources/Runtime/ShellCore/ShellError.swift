import RuntimeHTTP

/// Why the shell refuses or fails a request; becomes the response.
struct ShellError: Error {
    let status: HTTPStatus
    let message: String

    init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Heron's words for a path that could leave the container's directory.
    static let outside = ShellError(.forbidden, "Only relative paths are allowed")

    /// The response: the message in plain text.
    var response: HTTPResponse { .text(message + "\n", status) }
}
