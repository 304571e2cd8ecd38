/// A value of a container's configuration that cannot be used. `description` is one line: `<file>:<line>: <message>`.
public struct RuntimeConfigError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    /// From 1.
    public let line: Int
    public let message: String

    public var description: String { "\(file):\(line): \(message)" }
}
