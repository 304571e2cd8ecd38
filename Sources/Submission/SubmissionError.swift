/// Why a submission was refused or failed, as one line for the user.
public struct SubmissionError: Error, Sendable, CustomStringConvertible {
    /// What failed, and on what.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// What a program printed before it failed, for the lines below the message; empty if there is nothing to show.
    public let output: String

    public init(_ message: String, hint: String? = nil, output: String = "") {
        self.message = message
        self.hint = hint
        self.output = output
    }

    public var description: String {
        hint.map { "\(message); \($0)" } ?? message
    }
}
