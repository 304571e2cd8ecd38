import Glibc

/// An open regular file. It owns its descriptor, which no child process inherits.
///
/// Not for use by several threads at once. Calls block.
public final class File {
    /// The path it was opened by.
    public let path: String
    private var descriptor: CInt

    /// Opens a regular file to read it. Throws ``FileError``, also for a folder, a device or a pipe.
    public init(reading path: String) throws {
        self.path = path
        // Without O_NONBLOCK, opening a pipe that no one writes to would hang.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError("read", path) }
        switch try status().kind {
        case .regular: break
        case .folder: throw FileError("read", path, code: EISDIR)
        default: throw FileError("read", path, code: EINVAL)
        }
    }

    /// Creates a file that must not exist yet, to write it. Throws ``FileError``.
    ///
    /// - Parameter permissions: further restricted by the process's umask.
    public init(creating path: String, permissions: mode_t = 0o666) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw FileError("create", path) }
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// The file's size, identity and so on. Throws ``FileError``.
    public func status() throws -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
        return FileStatus(status)
    }

    /// Reads the next bytes; returns how many, 0 at the end. Throws ``FileError``.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count: Int = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileError("read", path) }
        }
    }

    /// Up to `count` bytes from a place in the file, fewer only at its end. Throws ``FileError``.
    public func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        try Array(unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let free = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read: Int = pread(descriptor, free.baseAddress, free.count, off_t(offset) + off_t(filled))
                if read == 0 { return }
                if read > 0 {
                    filled += read
                } else if errno != EINTR {
                    throw FileError("read", path)
                }
            }
        }
    }

    /// Writes all bytes. Throws ``FileError``.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest: UnsafeRawBufferPointer = bytes
        while !rest.isEmpty {
            let count: Int = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                throw FileError("write", path)
            }
        }
    }

    /// Sets when the content changed last, in seconds since 1970. Throws ``FileError``.
    public func setModified(_ seconds: Int64) throws {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        guard futimens(descriptor, [time, time]) == 0 else { throw FileError("set the time of", path) }
    }

    /// Closes the file. Throws ``FileError``: some file systems report only here that they are full.
    public func close() throws {
        let closing: CInt = takeDescriptor()
        // Linux has closed the descriptor even when it says EINTR.
        guard Glibc.close(closing) == 0 || errno == EINTR else { throw FileError("write", path) }
    }

    /// Hands the descriptor over to the caller, who closes it. The file is of no further use.
    public func takeDescriptor() -> CInt {
        defer { descriptor = -1 }
        return descriptor
    }
}
