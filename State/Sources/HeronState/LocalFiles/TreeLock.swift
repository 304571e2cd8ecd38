import Glibc

/// The lock that all processes share which use one tree: one writer or several readers.
///
/// The kernel gives it up when its holder dies. It is held for the few file operations of one call, never while waiting
/// for something else.
final class TreeLock: Sendable {
    private let file: Descriptor

    private init(_ file: Descriptor) {
        self.file = file
    }

    deinit {
        // Explicitly, because a child process between fork and exec may still hold a copy of the descriptor.
        flock(file.raw, LOCK_UN)
    }

    static let fileName = ".lock"

    /// Waits for the lock; nil if there is no lock file and `creating` is false.
    static func acquire(in directory: Directory, exclusive: Bool, creating: Bool) throws -> TreeLock? {
        while true {
            guard let file = try directory.lockFile(fileName, creating: creating) else { return nil }
            guard retrying({ Int(flock(file.raw, exclusive ? LOCK_EX : LOCK_SH)) }) == 0 else {
                throw FileFailure("lock", file.path)
            }
            // A lock on a file that someone has removed in the meantime locks no one out.
            if try file.status().linkCount > 0 { return TreeLock(file) }
        }
    }

    /// The processes that hold the lock, from `/proc/locks`, to say who lets others wait.
    static func holders(rootPath: String) -> [Int32] {
        let own = "\(rootPath)/\(StatePath.ownDirectory)"
        guard let inode = try? Directory.open(own)?.status(fileName)?.identity.inode,
            let locks = try? Directory.open("/proc")?.file("locks")?.readAll(limit: 1 << 20)
        else { return [] }
        // 1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF; a waiting one has "->" after the number.
        let holders = String(decoding: locks, as: UTF8.self).split(separator: "\n").compactMap { line -> Int32? in
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[1] == "FLOCK", fields[5].hasSuffix(":\(inode)") else { return nil }
            return Int32(fields[4])
        }
        return holders.filter { $0 != getpid() }
    }
}
