/// Why no executor command can be built. `description` is one line.
public struct ExecutorCommandError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
