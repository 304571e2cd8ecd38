/// The types of an operation's parameters and of its result, as its table states them (`heron/operations.h`).
public struct OperationSignature: Sendable, Hashable {
    /// What a parameter can be. The raw value is the name in a signature.
    public enum ParameterType: String, Sendable, CaseIterable {
        case int32, int64, double, bool, string, bytes
    }

    /// What an operation brings. The raw value is the name in a signature.
    public enum ResultType: String, Sendable, CaseIterable {
        /// Nothing but whether it succeeded.
        case status
        /// A text.
        case string
        /// One JSON value.
        case json
    }

    public let parameters: [ParameterType]
    public let result: ResultType

    /// Reads a signature such as `(string,int32)->json`; throws ``Problem`` if it is none.
    public init(_ text: String) throws(Problem) {
        let parts = text.split(separator: "->", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first == "(", parts[0].last == ")", parts[0].count >= 2 else {
            throw Problem("'\(text)' is not of the form (type,type)->result")
        }
        let names = parts[0].dropFirst().dropLast()
        var types: [ParameterType] = []
        for name in names.isEmpty ? [] : names.split(separator: ",", omittingEmptySubsequences: false) {
            guard let type = ParameterType(rawValue: String(name)) else {
                let known = ParameterType.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem("'\(text)' has the unknown type '\(name)'; known are \(known)")
            }
            types.append(type)
        }
        guard let result = ResultType(rawValue: String(parts[1])) else {
            let known = ResultType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem("'\(text)' has the unknown result '\(parts[1])'; known are \(known)")
        }
        self.parameters = types
        self.result = result
    }

    /// What is wrong with a signature or a value, in one line.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
