import Glibc
import PluginKit

/// The working directory: the launcher prepares it, the scheduler locks it and removes it in the end.
struct WorkingDirectory {
    /// The file that makes a directory ours, and is what gets locked.
    static let mark = ".heron-@NAME@"

    let path: String
    /// The folders above it that had to be made, outermost first.
    private let parents: [String]

    /// Creates a directory that must not exist, the folders above it, and the mark.
    static func create(_ path: String) throws -> WorkingDirectory {
        var made: [String] = []
        do {
            for end in path.indices.dropFirst() where path[end] == "/" {
                let parent = String(path[..<end])
                if mkdir(parent, 0o755) == 0 {
                    made.append(parent)
                } else if errno != EEXIST {
                    throw systemFailure("cannot create \(parent)")
                }
            }
            let directory = WorkingDirectory(path: path, parents: made)
            guard mkdir(path, 0o755) == 0 else {
                guard errno == EEXIST else { throw systemFailure("cannot create the working directory \(path)") }
                throw PluginFailure(
                    .alreadyExists,
                    "the working directory \(path) exists already",
                    hint: "kill its topology, or remove it"
                )
            }
            let file = open("\(path)/\(mark)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                let failure = systemFailure("cannot write to the working directory \(path)")
                rmdir(path)
                throw failure
            }
            Glibc.close(file)
            return directory
        } catch {
            for parent in made.reversed() { rmdir(parent) }
            throw error
        }
    }

    /// Removes what ``create(_:)`` made, with all that has come into the directory since.
    func undo() {
        try? WorkingDirectory.remove(path)
        for parent in parents.reversed() { rmdir(parent) }
    }

    /// Locks a directory against other schedulers as long as the result lives; nil if it is not there, or not ours.
    static func lock(_ path: String) throws -> DirectoryLock? {
        let file = open("\(path)/\(mark)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw systemFailure("cannot use the working directory \(path)")
        }
        let lock = DirectoryLock(Descriptor(file))
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw PluginFailure(
                .alreadyExists,
                "the working directory \(path) is in use by another scheduler",
                hint: "kill its topology first"
            )
        }
        return lock
    }

    /// Removes a directory and everything in it; the mark last, so that what is left can be seen to be ours.
    static func remove(_ path: String) throws {
        for name in try entries(path) where name != mark { try removeTree("\(path)/\(name)") }
        unlink("\(path)/\(mark)")
        guard rmdir(path) == 0 || errno == ENOENT else { throw systemFailure("cannot remove \(path)") }
    }

    private static func removeTree(_ path: String) throws {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR else { throw systemFailure("cannot remove \(path)") }
        for name in try entries(path) { try removeTree("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw systemFailure("cannot remove \(path)") }
    }

    private static func entries(_ path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw systemFailure("cannot read \(path)") }
        defer { closedir(folder) }
        return folderNames(folder).filter { $0 != "." && $0 != ".." }
    }
}

/// A locked directory; the lock ends with this object.
final class DirectoryLock {
    private let file: Descriptor

    init(_ file: Descriptor) {
        self.file = file
    }

    deinit {
        // A child that another thread is just starting may have the descriptor too.
        _ = flock(file.number, LOCK_UN)
    }
}

/// The names in an open folder.
func folderNames(_ folder: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        names.append(name)
    }
    return names
}
