import PluginABI

/// Why a plugin, or its host, could not do something: what a plugin throws, and what it gets from its host.
public struct PluginFailure: Error, Sendable, CustomStringConvertible {
    /// The status that crosses the boundary; the numbers are those of `heron/status.h`.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: Int32

        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        public static let failed = Code(rawValue: HERON_FAILED)
        public static let invalidArgument = Code(rawValue: HERON_INVALID_ARGUMENT)
        public static let unsupported = Code(rawValue: HERON_UNSUPPORTED)
        public static let notFound = Code(rawValue: HERON_NOT_FOUND)
        public static let alreadyExists = Code(rawValue: HERON_ALREADY_EXISTS)
        public static let badVersion = Code(rawValue: HERON_BAD_VERSION)
        public static let notEmpty = Code(rawValue: HERON_NOT_EMPTY)
        public static let permissionDenied = Code(rawValue: HERON_PERMISSION_DENIED)
        public static let unavailable = Code(rawValue: HERON_UNAVAILABLE)
        public static let timeout = Code(rawValue: HERON_TIMEOUT)
        public static let exhausted = Code(rawValue: HERON_EXHAUSTED)
        public static let closed = Code(rawValue: HERON_CLOSED)
        public static let wrongThread = Code(rawValue: HERON_WRONG_THREAD)
    }

    public let code: Code
    /// What failed and on what, in one line.
    public let message: String
    /// What the user can do about it; may be empty.
    public let hint: String
    /// Whether the host said this itself, so that it need not be reported to it.
    let isHosts: Bool

    public init(_ code: Code, _ message: String, hint: String = "") {
        self.init(code, message, hint: hint, isHosts: false)
    }

    private init(_ code: Code, _ message: String, hint: String, isHosts: Bool) {
        self.code = code
        self.message = message
        self.hint = hint
        self.isHosts = isHosts
    }

    /// A failure of a host function, which has been reported already.
    static func byHost(_ status: heron_status, _ function: String) -> PluginFailure {
        PluginFailure(Code(rawValue: status), "\(function) failed with status \(status)", hint: "", isHosts: true)
    }

    public var description: String { hint.isEmpty ? message : "\(message); \(hint)" }
}
