/// Why a running topology could not be managed, as one line.
public struct ControlError: Error, Sendable, CustomStringConvertible {
    public let message: String
    /// What to do about it.
    public let hint: String?

    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}
