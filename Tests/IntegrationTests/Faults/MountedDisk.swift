import Glibc
import Processes
import Testing

/// A small file system in memory, which a user's commands see and nobody else, and which can be filled or made
/// read-only under what runs on it.
struct MountedDisk {
    /// Where it is mounted.
    let place: String
    private let user: User
    private let holder: ChildProcess

    /// Gives a disk of 8 MB to a test; it is gone when the last process that saw it has ended.
    static func use(by user: User, _ body: (MountedDisk) async throws -> Void) async throws {
        let place = "\(user.home)/disk"
        try #require(mkdir(place, 0o700) == 0)
        let holder = try ChildProcess.spawn(
            executable: "unshare",
            arguments: [
                "--map-root-user", "--mount", "sh", "-euc",
                "mount -t tmpfs -o size=8m tmpfs \"$0\"; touch \"$0/mounted\"; exec sleep 10000", place,
            ],
            environment: ChildProcess.currentEnvironment(),
            newSession: true
        )
        let disk = MountedDisk(place: place, user: user, holder: holder)
        do {
            try await eventually("the disk is mounted", within: .seconds(10)) {
                user.contents("/proc/\(holder.processID)/mounts").contains(place)
                    && access("/proc/\(holder.processID)/root\(place)/mounted", F_OK) == 0
            }
            try await body(disk)
        } catch {
            await holder.terminate(grace: .zero)
            throw error
        }
        await holder.terminate(grace: .zero)
    }

    /// Runs `heron` where the disk is.
    func heron(_ arguments: [String]) async throws -> User.Result {
        try await run([try #require(Installation.home) + "/bin/heron"] + arguments)
    }

    func setReadOnly(_ readOnly: Bool) async throws {
        let result = try await run(["mount", "-o", readOnly ? "remount,ro" : "remount,rw", place])
        try #require(result.status.isSuccess, "\(result)")
    }

    /// Fills it to the last byte.
    func fill() async throws {
        _ = try await run(["sh", "-c", "cat /dev/zero >\"$0/filling\" 2>/dev/null || true", place])
    }

    func empty() async throws {
        _ = try await run(["rm", "\(place)/filling"])
    }

    private func run(_ command: [String]) async throws -> User.Result {
        let enter = [
            "--target", "\(holder.processID)", "--user", "--mount", "--preserve-credentials", "--wd=\(user.home)",
        ]
        return try await user.run(executable: "nsenter", enter + command)
    }
}

extension Sequence where Element == UInt8 {
    fileprivate func contains(_ text: String) -> Bool {
        String(decoding: Array(self), as: UTF8.self).contains(text)
    }
}
