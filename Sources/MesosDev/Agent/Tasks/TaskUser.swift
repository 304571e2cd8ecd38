import Glibc

/// An account of this machine that a task runs as.
struct TaskUser: Sendable, Hashable {
    let uid: uid_t
    let gid: gid_t

    /// The account with a name; nil if this machine has none.
    init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        // Entries of files fit into 1 KiB; those of a directory service may be longer.
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        uid = entry.pw_uid
        gid = entry.pw_gid
    }
}
