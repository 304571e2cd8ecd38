import Glibc

/// The process, and the session in it, that an ephemeral node belongs to.
///
/// Start time and boot id tell a process from a later one that got the same pid.
struct ProcessOwner: Hashable {
    let pid: Int32
    /// In clock ticks since the machine booted (`/proc/<pid>/stat`, field 22).
    let startTime: UInt64
    let bootID: String
    /// Tells several managers in one process apart.
    let session: String

    /// This process as the owner of a new session.
    static func current() throws -> ProcessOwner {
        let pid = getpid()
        guard let bootID, let start = ProcessStat(pid: pid)?.startTime else {
            throw StateError(
                .io,
                path: "",
                "cannot read this process's start time and the boot id below /proc",
                hint: "mount /proc"
            )
        }
        return ProcessOwner(pid: pid, startTime: start, bootID: bootID, session: randomHex(bytes: 8))
    }

    /// Whether the process still runs.
    var isAlive: Bool {
        guard bootID == Self.bootID else { return false }
        guard let process = ProcessStat(pid: pid) else {
            // Unreadable is not dead: /proc may hide other users' processes. Then only the pid can be asked for.
            return kill(pid, 0) == 0 || errno == EPERM
        }
        return process.startTime == startTime && !process.hasEnded
    }

    private static let bootID = readLine("/proc/sys/kernel/random/boot_id")

    fileprivate static func readLine(_ path: String) -> String? {
        guard
            let file = try? Descriptor(takingOwnershipOf: open(path, O_RDONLY | O_CLOEXEC), path: path, action: "read"),
            let bytes = try? file.readAll(limit: 4096)
        else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

/// The few fields of `/proc/<pid>/stat` that tell whether a process is the one that it was.
private struct ProcessStat {
    let startTime: UInt64
    /// Dead, though its parent has not asked for it yet.
    let hasEnded: Bool

    init?(pid: Int32) {
        guard let line = ProcessOwner.readLine("/proc/\(pid)/stat"), let nameEnd = line.lastIndex(of: ")") else {
            return nil
        }
        // Fields from the third on, because the second is the program's name and may contain anything.
        let fields = line[line.index(after: nameEnd)...].split(separator: " ")
        guard fields.count > 19, let threads = Int(fields[17]), let start = UInt64(fields[19]) else { return nil }
        startTime = start
        // A first thread that ended before the others looks like a zombie, in a process that still runs.
        hasEnded = (fields[0] == "Z" && threads <= 1) || fields[0] == "X"
    }
}

/// Random bytes from the kernel (`getrandom`), fit for secrets, as lower-case hexadecimal digits.
func randomHex(bytes: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<bytes).map { _ in
        let byte = UInt8.random(in: .min ... .max, using: &generator)
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
}
