import Glibc

/// What the system knows about a file.
public struct FileStatus: Hashable, Sendable {
    /// What a file can be, as far as anything here cares.
    public enum Kind: Sendable {
        case regular
        case folder
        case link
        /// A device, a socket or a named pipe.
        case special
    }

    /// Tells files apart, whatever they are called, as long as they exist.
    public struct Identity: Hashable, Sendable {
        private let device: dev_t
        private let number: ino_t

        init(_ status: stat) {
            device = status.st_dev
            number = status.st_ino
        }
    }

    public let kind: Kind
    /// Bytes.
    public let size: Int64
    /// The permission bits, without those that change the user or group of a process.
    public let permissions: mode_t
    /// When the content changed last, in whole seconds since 1970.
    public let modified: Int64
    public let identity: Identity

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        size = Int64(status.st_size)
        permissions = status.st_mode & 0o777
        modified = Int64(status.st_mtim.tv_sec)
        identity = Identity(status)
    }

    /// The status of a file, or of what it links to. Throws ``FileError``, also if there is no such file.
    public init(following path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError("read", path) }
        self.init(status)
    }

    /// The status of a file or link itself, or nil if there is none. Throws ``FileError``.
    public static func ifPresent(_ path: String) throws -> FileStatus? {
        var status = stat()
        if lstat(path, &status) == 0 { return FileStatus(status) }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError("read", path) }
        return nil
    }
}
