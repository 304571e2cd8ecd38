import Glibc
import Synchronization

/// A log file that is replaced when it is full: `<name>` becomes `<name>.1`, that becomes `<name>.2`, and so on.
///
/// Its descriptor's number never changes, so that whoever writes to it need not know.
public final class RotatingLog: Sendable {
    public let path: String
    /// Open for appending until the object goes.
    public let descriptor: Int32
    private let maximumSize: Int
    private let maximumFiles: Int
    private let rotation = Mutex(())

    /// Opens the file for appending.
    ///
    /// - Parameters:
    ///   - maximumSize: bytes after which ``rotateIfFull()`` replaces it.
    ///   - maximumFiles: how many files are kept, the current one included.
    /// - Throws: ``ExecutorError`` that names the file.
    public init(path: String, maximumSize: Int, maximumFiles: Int) throws {
        self.path = path
        self.maximumSize = maximumSize
        self.maximumFiles = maximumFiles
        descriptor = RotatingLog.open(path)
        guard descriptor >= 0 else { throw ExecutorError.system("cannot open the log '\(path)'", errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Replaces the file if it has reached its size. What cannot be renamed or opened is tried again next time, and the
    /// file grows meanwhile: a log is never lost for the sake of its size.
    public func rotateIfFull() {
        rotation.withLock { _ in
            var info = stat()
            guard fstat(descriptor, &info) == 0, info.st_size >= maximumSize else { return }
            for number in stride(from: maximumFiles - 1, to: 0, by: -1) {
                let older = number == 1 ? path : "\(path).\(number - 1)"
                rename(older, "\(path).\(number)")
            }
            if maximumFiles == 1 { unlink(path) }
            let fresh = RotatingLog.open(path)
            guard fresh >= 0 else { return }
            dup2(fresh, descriptor)
            close(fresh)
        }
    }

    private static func open(_ path: String) -> Int32 {
        Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    }
}
