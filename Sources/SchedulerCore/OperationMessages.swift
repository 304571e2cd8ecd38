import HeronJSON
import PluginHost

/// Asks a scheduler service for an operation of its plugin: the JSON body of `POST /operation`.
public struct OperationRequest: Sendable, Codable {
    public var operation: String
    /// The values of parameters, as on the command line; bytes in Base64.
    public var arguments: [String: String]

    public init(operation: String, arguments: [String: String]) {
        self.operation = operation
        self.arguments = arguments
    }
}

/// What came of it: the JSON body of the answer, with one member or, where the operation has no result, none.
public struct OperationAnswer: Sendable, Codable {
    /// Why it failed.
    public var error: String?
    public var string: String?
    public var json: JSONValue?

    public init(_ result: OperationResult) {
        switch result {
        case .done: break
        case .string(let text): string = text
        case .json(let value): json = value
        }
    }

    public init(error: String) {
        self.error = error
    }

    /// What the operation brought, unless it failed.
    public var result: OperationResult {
        if let string { return .string(string) }
        return json.map { .json($0) } ?? .done
    }
}
