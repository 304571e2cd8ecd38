/// Why no plugin could be made from a template, in one line with what to do about it.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable {
        /// The name is not one that a plugin can have.
        case invalidName
        /// There is something already where the folder was to be made.
        case exists
        /// The installation has no templates, or damaged ones.
        case missingTemplate
    }

    public let reason: Reason
    public let description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
