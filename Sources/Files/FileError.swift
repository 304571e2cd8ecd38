import Glibc

/// A file operation that the system refused: one line with the action, the path, the reason and, where one is known,
/// a remedy.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, to follow "cannot": `write`, `create the folder`.
    public let action: String
    /// On what.
    public let path: String
    /// The system's error number (`errno`).
    public let code: CInt

    public init(_ action: String, _ path: String, code: CInt) {
        self.action = action
        self.path = path
        self.code = code
    }

    /// Takes the reason from the calling thread's `errno`, so it must come directly after the call that failed.
    init(_ action: String, _ path: String) {
        self.init(action, path, code: errno)
    }

    public var description: String {
        let line: String = "cannot \(action) \(quoted(path)): \(String(cString: strerror(code)))"
        return remedy.map { "\(line); \($0)" } ?? line
    }

    private var remedy: String? {
        switch code {
        case ENOSPC, EDQUOT: "free some space or choose another folder"
        case EROFS: "choose a folder that can be written to"
        case EACCES, EPERM: "check who may access it"
        case ENAMETOOLONG: "use shorter names"
        default: nil
        }
    }
}

/// A name from outside in quotes, with control characters escaped, so that it can neither break nor forge a line.
public func quoted(_ name: String) -> String {
    "'" + name.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "'"
}
