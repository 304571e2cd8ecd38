import CProcess
import Glibc

/// Why a process could not be started or looked at; one line that names the file and the reason.
public struct ProcessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's error number, or nil if the request itself was wrong.
    public let code: Int32?
    public let description: String

    init(_ description: String, code: Int32? = nil) {
        self.code = code
        self.description = description
    }

    /// "<what>: <the system's words for the code>".
    static func system(_ what: String, _ code: Int32) -> ProcessError {
        ProcessError("\(what): \(errorText(code))", code: code)
    }
}

/// The system's words for an error number, beginning with a small letter as fits the middle of a line.
func errorText(_ code: Int32) -> String {
    let text = String(cString: cprocess_error_text(code))
    return text.prefix(1).lowercased() + text.dropFirst()
}
