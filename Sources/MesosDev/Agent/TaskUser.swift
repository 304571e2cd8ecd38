import Glibc

/// The account that a task runs as.
struct TaskUser: Sendable, Hashable {
    let name: String
    let uid: uid_t
    let gid: gid_t

    /// The account with a name; nil if this machine has none.
    init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        // glibc's own entries fit into 1 KB; a directory service's may be longer.
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.name = name
        uid = entry.pw_uid
        gid = entry.pw_gid
    }
}
