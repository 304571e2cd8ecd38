import Dispatch
import Glibc

/// A process in a group of its own whose output and errors a test reads; the group is killed with the last reference.
final class SpawnedProcess: Sendable {
    let pid: pid_t
    private let output: Int32
    /// Blocking calls are made here, one at a time.
    private let queue = DispatchQueue(label: "spawned process")

    init(_ executable: String, _ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        // Not a pipe, which another thread's child could inherit before it is marked.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw TestFailure("socketpair: \(errno)") }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of Dispatch block most signals, which a child would inherit: a shell would wait for ever.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var words = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, executable, &actions, &attributes, &words, environ)
        (self.pid, output) = (result == 0 ? pid : 0, ends[0])
        guard result == 0 else {
            throw TestFailure("cannot start \(executable): \(String(cString: strerror(result)))")
        }
    }

    deinit {
        kill()
        close(output)
    }

    /// The next line of the output without its end, or nil when the output has ended; throws at the deadline.
    func line(before deadline: ContinuousClock.Instant) async throws -> String? {
        try await onQueue { [output] in
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while true {
                guard isReadable(output, before: deadline) else { throw TestFailure("no output in time") }
                guard read(output, &byte, 1) == 1 else {
                    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
                }
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
        }
    }

    /// Sends a signal to the process alone.
    func signal(_ number: Int32) {
        if pid > 0 { Glibc.kill(pid, number) }
    }

    /// Waits for the end of the process.
    func wait() async {
        try? await onQueue { [pid] in
            // Collected by `kill`, so that the id stays the process's until then.
            var info = siginfo_t()
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        }
    }

    private func kill() {
        guard pid > 0 else { return }
        Glibc.kill(-pid, SIGKILL)
        while waitpid(pid, nil, 0) == -1, errno == EINTR {}
    }

    private func onQueue<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}

/// Waits until a read would not block; false at the deadline.
private func isReadable(_ descriptor: Int32, before deadline: ContinuousClock.Instant) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
        let left = max(.zero, ContinuousClock.now.duration(to: deadline)) / .milliseconds(1)
        let count = poll(&polled, 1, Int32(min(left.rounded(.up), 3_600_000)))
        if count > 0 { return true }
        if count == 0, ContinuousClock.now >= deadline { return false }
    }
}
