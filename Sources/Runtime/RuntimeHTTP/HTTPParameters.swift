/// The `name=value` pairs of a query string or a form, decoded, in their order; names may repeat.
public struct HTTPParameters: Sendable, Hashable {
    /// One parameter; the value is empty where there was no `=`.
    public struct Parameter: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    public let parameters: [Parameter]

    /// No parameters.
    public init() {
        parameters = []
    }

    /// Parses `a=1&b=2`, with `+` for a space; nil if an escape is malformed or the text is not UTF-8.
    public init?(encoded: Substring) {
        var parameters: [Parameter] = []
        for pair in encoded.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { return nil }
            parameters.append(Parameter(name: name, value: value))
        }
        self.parameters = parameters
    }

    /// The first value given for the name.
    public func first(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Every value given for the name, in order.
    public func all(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }
}
