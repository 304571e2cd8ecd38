/// The path and the query of a request line, decoded.
struct RequestTarget: Hashable {
    let path: String
    let query: HTTPParameters

    /// Parses the origin form (`/path?query`); nil for every other form and for malformed escapes.
    init?(_ target: String) {
        guard target.utf8.first == UInt8(ascii: "/") else { return nil }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = PercentCoding.decode(parts[0], plusIsSpace: false),
            let query = HTTPParameters(encoded: parts.count > 1 ? parts[1] : "")
        else { return nil }
        self.path = path
        self.query = query
    }
}
