import Glibc
import RuntimeHTTP

/// A directory out of which no path leads: not by `..`, not as an absolute path, not through a symbolic link.
///
/// A path is resolved first and must still be inside; the result is then opened part by part without following links, so
/// that a link put in place meanwhile is refused as well.
struct ConfinedDirectory: Sendable {
    /// The directory itself, absolute and without symbolic links.
    let root: String

    /// Throws ``ShellError`` if the directory cannot be found.
    init(_ path: String) throws {
        guard let root = ConfinedDirectory.resolved(path) else {
            throw ShellError(.internalError, "the working directory \(path) cannot be used: \(systemMessage(errno))")
        }
        self.root = root
    }

    /// How the names of files begin that are not shown: the container's credentials for ZooKeeper, which the scheduler
    /// has put there, complete or half written.
    private static let secretName = ".zookeeper-auth"

    /// Opens a regular file for reading; the caller closes the descriptor.
    func openFile(_ path: String) throws -> (descriptor: Int32, size: Int) {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = try open(path, O_RDONLY | O_NONBLOCK)
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ShellError(.notFound, "File \(path) not found")
        }
        return (descriptor, Int(info.st_size))
    }

    /// Opens a directory for reading; the caller closes the descriptor.
    func openDirectory(_ path: String) throws -> Int32 {
        try open(path, O_RDONLY | O_DIRECTORY)
    }

    /// The whole text of a small file, such as a pid file; nil if there is none or it is larger than `limit` bytes.
    func smallFile(_ path: String, limit: Int) -> String? {
        guard let (descriptor, size) = try? openFile(path) else { return nil }
        defer { close(descriptor) }
        guard size <= limit else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func open(_ path: String, _ flags: Int32) throws -> Int32 {
        var parts = try parts(of: path)[...]
        guard parts.last?.hasPrefix(Self.secretName) != true else {
            throw ShellError(.forbidden, "\(path) is not for others")
        }
        var current = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let last = parts.popLast() ?? "."
        for part in parts where current >= 0 {
            current = step(from: current, to: part, O_RDONLY | O_DIRECTORY)
        }
        if current >= 0 { current = step(from: current, to: last, flags) }
        guard current >= 0 else { throw failure(path) }
        return current
    }

    private func step(from directory: Int32, to name: String, _ flags: Int32) -> Int32 {
        let next = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC)
        let code = errno
        close(directory)
        errno = code
        return next
    }

    /// The path below the root, with all links resolved.
    private func parts(of path: String) throws -> [String] {
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { throw ShellError.outside }
        guard let resolved = ConfinedDirectory.resolved(root + "/" + path) else { throw failure(path) }
        let inside = root == "/" ? root : root + "/"
        if resolved == root { return [] }
        guard resolved.hasPrefix(inside) else { throw ShellError.outside }
        return resolved.dropFirst(inside.count).split(separator: "/").map(String.init)
    }

    private func failure(_ path: String) -> ShellError {
        switch errno {
        case ENOENT, ENOTDIR, ENAMETOOLONG: ShellError(.notFound, "File \(path) not found")
        case ELOOP: ShellError.outside
        case EACCES: ShellError(.forbidden, "\(path): \(systemMessage(EACCES))")
        default: ShellError(.internalError, "\(path): \(systemMessage(errno))")
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
            return "error \(code)"
        }
        return String(cString: start)
    }
}
