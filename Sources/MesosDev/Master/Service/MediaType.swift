/// The two encodings of the API.
enum MediaType: String, Sendable {
    case json = "application/json"
    case protobuf = "application/x-protobuf"

    /// That of a request's body; compared as a whole, as in Mesos.
    static func ofRequest(_ contentType: String?) throws(MasterRefusal) -> MediaType {
        guard let contentType else { throw .badRequest("Expecting 'Content-Type' to be present") }
        guard let type = MediaType(rawValue: contentType) else {
            throw MasterRefusal(
                status: 415,
                text: "Expecting 'Content-Type' of application/json or application/x-protobuf"
            )
        }
        return type
    }

    /// That of a stream: JSON if the client accepts it, or says nothing. Weights are not ranked; 0 excludes.
    static func ofStream(_ accept: String?) throws(MasterRefusal) -> MediaType {
        guard let accept, !accept.isEmpty else { return .json }
        let ranges = accept.split(separator: ",").map { Range($0) }.filter { $0.isAccepted }
        for type in [MediaType.json, .protobuf] where ranges.contains(where: { $0.matches(type.rawValue) }) {
            return type
        }
        throw MasterRefusal(
            status: 406,
            text: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"
        )
    }

    /// One part of an Accept header.
    private struct Range {
        let type: String
        let isAccepted: Bool

        init(_ text: Substring) {
            let parts = text.split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" } }
            type = parts.first.map { String($0) } ?? ""
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            isAccepted = weight != 0
        }

        func matches(_ other: String) -> Bool {
            type == "*/*" || type == "application/*" || type == other
        }
    }
}
