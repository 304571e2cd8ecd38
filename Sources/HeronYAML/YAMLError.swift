/// Why a YAML text cannot be used. `description` is one line: `<file>:<line>: <message>`.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path, or the name that the caller gave to the text.
    public let file: String
    /// Where it happened, from 1; nil if the whole file is meant.
    public let line: Int?
    public let message: String

    public init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    public var description: String {
        let place: String = line.map { ":\($0)" } ?? ""
        return "\(file)\(place): \(message)"
    }
}
