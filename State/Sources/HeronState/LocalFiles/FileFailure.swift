import Glibc

/// A system call that failed, on which file.
struct FileFailure: Error {
    /// What was tried, as a verb: "write".
    let action: String
    /// The absolute path of the file.
    let file: String
    let number: Int32

    /// Takes the current `errno`: to be made before any other call.
    init(_ action: String, _ file: String, number: Int32 = errno) {
        self.action = action
        self.file = file
        self.number = number
    }

    /// The failure as callers of the library see it.
    func stateError(node: String) -> StateError {
        let reason = String(cString: strerror(number))
        return StateError(code, path: node, "cannot \(action) \(file): \(reason)", hint: hint)
    }

    private var code: StateError.Code {
        switch number {
        case EACCES, EPERM, EROFS: .notAuthorized
        case ENAMETOOLONG: .invalidPath
        default: .io
        }
    }

    private var hint: String? {
        switch number {
        case EACCES, EPERM: "run as a user who may, or change the owner or mode"
        case EROFS: "choose a root path on a writable file system"
        case ENOSPC, EDQUOT: "free space there and try again"
        case EFBIG: "raise the file size limit (ulimit -f)"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case ELOOP: "replace the symbolic link by what it points to"
        case EISDIR, ENOTDIR: "move away what stands there"
        case EXDEV: "keep everything below the root path on one file system"
        case EINVAL where action == "exchange" || action == "create": "choose a root path on a local file system"
        default: nil
        }
    }
}

/// Runs the body and turns a ``FileFailure`` into a ``StateError`` about the node.
func naming<Value>(_ node: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let failure as FileFailure {
        throw failure.stateError(node: node)
    }
}
