import Files
import Glibc

/// A directory of this command's own, readable by no one else.
///
/// Locked while the command lives: one without a holder was left behind by a command that was killed, and the next
/// command removes it.
struct TemporaryDirectory: Sendable {
    private static let prefix = "heron-submit-"

    let path: String

    /// Makes the directory in `TMPDIR`, or in `/tmp`.
    static func create() throws -> TemporaryDirectory {
        let parent: String = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        removeAbandoned(in: parent)
        while true {
            var template: [CChar] = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw SubmissionError(
                    "cannot make a directory in '\(parent)': \(String(cString: strerror(errno)))",
                    hint: "free some space, or name another place with TMPDIR"
                )
            }
            let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            // Locked for as long as the command lives. Another one may have removed it before, as one without a holder;
            // and there are file systems without locks.
            if lock(path, LOCK_EX) != nil || access(path, F_OK) == 0 { return TemporaryDirectory(path: path) }
        }
    }

    /// Removes the directory with all that is in it; what cannot be removed stays for the system to clean up.
    func remove() {
        try? removeTree(path)
    }

    func makeSubdirectory(_ name: String) throws -> String {
        let folder: String = "\(path)/\(name)"
        guard mkdir(folder, 0o700) == 0 else {
            throw SubmissionError("cannot make '\(folder)': \(String(cString: strerror(errno)))")
        }
        return folder
    }

    private static func removeAbandoned(in parent: String) {
        for name in (try? folderEntries(parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            guard let descriptor = lock(path, LOCK_EX | LOCK_NB) else { continue }
            try? removeTree(path)
            close(descriptor)
        }
    }

    /// The open descriptor of a directory that is this user's, and is locked by it until it is closed; nil if there is
    /// none such, or it is locked and must not be waited for.
    private static func lock(_ path: String, _ operation: Int32) -> Int32? {
        let descriptor: Int32 = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var held = stat()
        var named = stat()
        guard flock(descriptor, operation) == 0, fstat(descriptor, &held) == 0, lstat(path, &named) == 0,
            held.st_ino == named.st_ino, held.st_dev == named.st_dev, held.st_uid == geteuid()
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
