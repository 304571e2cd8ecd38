/// Why a topology cannot be scheduled from here, as one line.
public struct SchedulingError: Error, Sendable, CustomStringConvertible {
    public let message: String
    /// What to do about it.
    public let hint: String?

    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}
