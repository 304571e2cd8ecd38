import Glibc

/// Tells one file's content from another's without reading it: a rewritten or replaced file has another identity.
///
/// Times come from the kernel's clock tick; inode and size tell apart what is written within one.
struct FileIdentity: Hashable {
    let inode: UInt64
    let seconds: Int
    let nanoseconds: Int
    let size: Int
}

/// What `fstat` tells of a file.
struct FileStatus {
    enum Kind {
        case file
        case directory
        case symbolicLink
        case other
    }

    let kind: Kind
    let identity: FileIdentity
    let linkCount: Int

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        identity = FileIdentity(
            inode: UInt64(status.st_ino),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec,
            size: Int(status.st_size)
        )
        linkCount = Int(status.st_nlink)
    }
}
