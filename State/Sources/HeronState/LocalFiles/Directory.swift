internal import CStateFiles
import Glibc

/// A directory held open: everything below is reached relative to it, and never through a symbolic link.
final class Directory: Sendable {
    private let descriptor: Descriptor
    /// The absolute path, for messages.
    var path: String { descriptor.path }

    private init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    /// Opens a directory by its absolute path, in which symbolic links are followed; nil if it does not exist.
    static func open(_ path: String) throws -> Directory? {
        let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if raw < 0, errno == ENOENT { return nil }
        return Directory(try Descriptor(takingOwnershipOf: raw, path: path, action: "open"))
    }

    /// A directory in this one; nil if there is none of this name or a file has it.
    func directory(_ name: String) throws -> Directory? {
        let raw = openat(descriptor.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if raw < 0 {
            let number = errno
            if number == ENOENT { return nil }
            if number == ENOTDIR, try status(name)?.kind == .file { return nil }
            throw FileFailure("open", full(name), number: try isLink(name) ? ELOOP : number)
        }
        return Directory(try Descriptor(takingOwnershipOf: raw, path: full(name), action: "open"))
    }

    private func isLink(_ name: String) throws -> Bool {
        try status(name)?.kind == .symbolicLink
    }

    /// A directory in this one, created with the mode (less the umask) if it is missing.
    func makingDirectory(_ name: String, mode: mode_t) throws -> Directory {
        if let present = try directory(name) { return present }
        try makeDirectory(name, mode: mode)
        guard let made = try directory(name) else { throw FileFailure("open", full(name), number: ENOTDIR) }
        return made
    }

    /// Creates a directory; one that is there already is fine.
    func makeDirectory(_ name: String, mode: mode_t) throws {
        guard mkdirat(descriptor.raw, name, mode) == 0 || errno == EEXIST else {
            throw FileFailure("create", full(name))
        }
    }

    /// What stands under a name, a symbolic link not followed; nil if nothing does.
    func status(_ name: String) throws -> FileStatus? {
        var status = stat()
        if fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
            if errno == ENOENT { return nil }
            throw FileFailure("examine", full(name))
        }
        return FileStatus(status)
    }

    /// Opens a plain file to read it; nil if it does not exist.
    func file(_ name: String) throws -> Descriptor? {
        // Without O_NONBLOCK a named pipe put there would hold the caller for ever.
        let raw = openat(descriptor.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if raw < 0, errno == ENOENT { return nil }
        return try Descriptor(takingOwnershipOf: raw, path: full(name), action: "read")
    }

    /// Creates and writes a file that must not exist yet, but does not wait for the disk.
    func write(_ name: String, _ data: [UInt8], mode: mode_t) throws -> Descriptor {
        let raw = openat(descriptor.raw, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        let file = try Descriptor(takingOwnershipOf: raw, path: full(name), action: "create")
        do {
            try file.writeAll(data)
        } catch {
            _ = try? remove(name)
            throw error
        }
        _ = heron_start_writeback(file.raw)
        return file
    }

    /// Opens a file to lock it, created if missing and possible; nil if it is missing and `creating` is false.
    func lockFile(_ name: String, creating: Bool) throws -> Descriptor? {
        if let present = try file(name) { return present }
        guard creating else { return nil }
        let raw = openat(descriptor.raw, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666 as mode_t)
        return try Descriptor(takingOwnershipOf: raw, path: full(name), action: "create")
    }

    /// What a rename does with a file that has the new name already.
    enum Collision {
        case replace
        case refuse
        /// The two files swap their names.
        case exchange
    }

    func rename(_ name: String, to other: Directory, _ newName: String, _ collision: Collision) throws {
        let (from, to) = (descriptor.raw, other.descriptor.raw)
        let (action, result) =
            switch collision {
            case .replace: ("replace", renameat(from, name, to, newName))
            case .refuse: ("create", heron_rename_exclusively(from, name, to, newName))
            case .exchange: ("exchange", heron_rename_exchanging(from, name, to, newName))
            }
        guard result == 0 else { throw FileFailure(action, other.full(newName)) }
    }

    /// Removes a file; false if there was none.
    @discardableResult
    func remove(_ name: String) throws -> Bool {
        if unlinkat(descriptor.raw, name, 0) == 0 { return true }
        guard errno == ENOENT else { throw FileFailure("remove", full(name)) }
        return false
    }

    /// Removes an empty directory; one that is gone already is fine.
    func removeDirectory(_ name: String) throws {
        guard unlinkat(descriptor.raw, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw FileFailure("remove", full(name))
        }
    }

    /// The names in the directory, in no order, without `.` and `..` and those that are not UTF-8.
    func entries() throws -> [String] {
        // A second descriptor, because a directory stream owns the one that it is made from, and moves its position.
        let raw = openat(descriptor.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { throw FileFailure("list", path) }
        guard let stream = fdopendir(raw) else {
            let failure = FileFailure("list", path)
            close(raw)
            throw failure
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw FileFailure("list", path) }
                return names
            }
            if let name = Directory.name(of: entry), name != ".", name != ".." { names.append(name) }
        }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                String(validatingCString: $0)
            }
        }
    }

    /// Waits until the directory's entries are on the disk.
    func synchronize() throws {
        try descriptor.synchronize()
    }

    private func full(_ name: String) -> String {
        path == "/" ? "/\(name)" : "\(path)/\(name)"
    }
}
