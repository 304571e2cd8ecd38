/// Why a request is not done: an HTTP status, and the text of the answer.
struct MasterRefusal: Error, Sendable {
    let status: Int
    let text: String
    var headers: [(String, String)] = []

    static func badRequest(_ text: String) -> MasterRefusal { MasterRefusal(status: 400, text: text) }

    static func notFound() -> MasterRefusal { MasterRefusal(status: 404, text: "404 Not Found.") }

    /// - Parameter realm: what the credentials are for.
    static func unauthorized(realm: String) -> MasterRefusal {
        MasterRefusal(
            status: 401,
            text: "401 Unauthorized.",
            headers: [("WWW-Authenticate", "Basic realm=\"\(realm)\"")]
        )
    }

    static func methodNotAllowed(_ method: String, expected: String) -> MasterRefusal {
        MasterRefusal(
            status: 405,
            text: "405 Method Not Allowed. Expecting one of { '\(expected)' }, but received '\(method)'.",
            headers: [("Allow", expected)]
        )
    }

    /// - Parameter location: `host:port` of the leader and the path, without a scheme.
    static func redirect(to location: String) -> MasterRefusal {
        MasterRefusal(status: 307, text: "", headers: [("Location", "//" + location)])
    }

    static func unavailable(_ text: String) -> MasterRefusal { MasterRefusal(status: 503, text: text) }
}
