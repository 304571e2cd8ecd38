import Glibc

/// A folder of this process's own below `TMPDIR`, for inputs that are read from files.
///
/// Whoever runs the fuzzer removes what is below `TMPDIR`: a fuzzer ends where it stands.
public struct ScratchFolder: Sendable {
    public let path: String

    public init() {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/heron-fuzz-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
            fatalError("cannot make a folder in \(parent)")
        }
        path = String(cString: resolved)
        free(resolved)
    }

    /// Puts the bytes into a file of the folder and returns its path.
    public func file(_ name: String, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0, write(descriptor, bytes.baseAddress, bytes.count) == bytes.count else {
            fatalError("cannot write \(file)")
        }
        close(descriptor)
        return file
    }
}
