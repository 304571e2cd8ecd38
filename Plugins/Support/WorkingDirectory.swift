import Files
import Glibc
import PluginKit

/// The directory in which a topology, or its scheduler, runs. A file in it marks it as ours, and is locked by whoever works there.
public final class WorkingDirectory {
    /// Absolute.
    public let path: String
    /// The open marker file; its lock ends with the descriptor, also when the process dies. Nil once it is released.
    private var lock: Int32?
    /// What ``prepare(_:)`` created, outermost first: to be undone by ``discard()``.
    private let created: [String]

    public static let markerName = ".heron-working-directory"

    private init(path: String, lock: Int32, created: [String]) {
        self.path = path
        self.lock = lock
        self.created = created
    }

    deinit {
        release()
    }

    /// Takes a directory that a launcher prepared, for a scheduler that works in it; nil if there is none.
    ///
    /// Throws ``PluginFailure`` if another scheduler works there, or if it is not marked: what is not ours is not
    /// worked in, and not removed when the topology is killed.
    ///
    /// - Parameter key: the configuration key that names the directory, for messages.
    public static func occupy(_ path: String, key: String) throws -> WorkingDirectory? {
        do {
            guard try FileStatus.ifPresent(path) != nil else { return nil }
            try checkOwnership(path, key, mayBeEmpty: false)
            return WorkingDirectory(path: path, lock: try lock(path), created: [])
        } catch let error as FileError {
            throw PluginFailure(.failed, "cannot use the working directory: \(error)")
        }
    }

    /// Creates the directory, or empties it. Throws ``PluginFailure``, and then nothing has changed, if it is not ours
    /// to empty or in use.
    ///
    /// A directory that is there must belong to the user, must not be a symbolic link, and must be empty or marked.
    ///
    /// - Parameters:
    ///   - key: the configuration key that names the directory, for messages.
    ///   - checkUnused: throws if anything still works there.
    public static func prepare(
        _ path: String,
        key: String,
        checkUnused: (String) throws -> Void = { _ in }
    ) throws -> WorkingDirectory {
        try checkPath(path, key)
        do {
            let isNew = try FileStatus.ifPresent(path) == nil
            let created = try isNew ? createFolders(path) : []
            do {
                if !isNew { try checkOwnership(path, key, mayBeEmpty: true) }
                let directory = WorkingDirectory(path: path, lock: try lock(path), created: created)
                try checkUnused(path)
                try directory.empty(keeping: [markerName])
                return directory
            } catch {
                if isNew { try? removeTree(path) }
                removeFoldersIfEmpty(created)
                throw error
            }
        } catch let error as FileError {
            throw PluginFailure(.failed, "cannot prepare the working directory: \(error)")
        }
    }

    /// Leaves the directory to whoever works there next.
    public func release() {
        guard let lock else { return }
        // Closing alone would leave the lock to a child that another thread has forked and that has not executed yet.
        _ = flock(lock, LOCK_UN)
        close(lock)
        self.lock = nil
    }

    /// Removes everything again, after a launch that failed; nothing if somebody else works there by now.
    public func discard() {
        if lock == nil { lock = try? WorkingDirectory.lock(path) }
        guard lock != nil else { return }
        try? empty(keeping: [])
        removeFoldersIfEmpty(created)
    }

    /// Removes the directory and everything in it; fine if it is gone. Throws `FileError`.
    public func remove() throws {
        if try FileStatus.ifPresent(path) != nil {
            // The marker last: as long as anything is left, the directory can be seen to be ours.
            try empty(keeping: [WorkingDirectory.markerName])
            try removeTree(path)
        }
        release()
    }

    private func empty(keeping kept: [String]) throws {
        for name in try folderEntries(path) where !kept.contains(name) { try removeTree("\(path)/\(name)") }
    }

    private static func checkPath(_ path: String, _ key: String) throws {
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), !parts.contains(".") else {
            throw PluginFailure(
                .invalidArgument,
                "the working directory '\(path)' is not an absolute path",
                hint: "set \(key)"
            )
        }
    }

    private static func checkOwnership(_ path: String, _ key: String, mayBeEmpty: Bool) throws {
        var info = stat()
        guard lstat(path, &info) == 0 else { throw FileError("look at", path, code: errno) }
        let kind = info.st_mode & S_IFMT
        if kind == S_IFLNK { throw refusal(path, key, "is a symbolic link") }
        if kind != S_IFDIR { throw refusal(path, key, "is not a directory") }
        if info.st_uid != geteuid() { throw refusal(path, key, "belongs to another user") }
        let names = try folderEntries(path)
        if !names.contains(markerName) && !(mayBeEmpty && names.isEmpty) {
            throw refusal(path, key, "is not one that heron prepared")
        }
    }

    private static func refusal(_ path: String, _ key: String, _ reason: String) -> PluginFailure {
        PluginFailure(
            .alreadyExists,
            "the working directory \(path) cannot be used: it \(reason)",
            hint: "remove it, or set \(key) to another one"
        )
    }

    /// Opens and locks the marker file, which is created if need be.
    private static func lock(_ path: String) throws -> Int32 {
        let marker = "\(path)/\(markerName)"
        let file = open(marker, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw PluginFailure(
                .failed,
                "cannot write to the working directory: \(FileError("create", marker, code: errno))"
            )
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw PluginFailure(
                .alreadyExists,
                "the working directory \(path) is in use by another scheduler",
                hint: "kill its topology first"
            )
        }
        return file
    }
}
