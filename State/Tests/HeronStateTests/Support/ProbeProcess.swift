import Dispatch
import Glibc

/// The `state-probe` executable, running on a tree; killed with its last reference.
final class ProbeProcess: Sendable {
    let pid: pid_t
    private let input: Int32
    private let output: Int32

    /// Starts it and waits until it has opened the state.
    init(_ root: String, connection: String = "LOCALMODE") async throws {
        let executable = "\(Self.buildDirectory)/state-probe"
        let (inputRead, inputWrite) = try Self.pipe()
        let (outputRead, outputWrite) = try Self.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, inputRead, 0)
        posix_spawn_file_actions_adddup2(&actions, outputWrite, 1)
        var arguments = [strdup(executable), strdup(root), strdup(connection), nil]
        var pid: pid_t = 0
        let result = posix_spawn(&pid, executable, &actions, nil, &arguments, environ)
        for argument in arguments { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        Glibc.close(inputRead)
        Glibc.close(outputWrite)
        (self.pid, input, output) = (pid, inputWrite, outputRead)
        guard result == 0 else { throw TestFailure("cannot start \(executable): \(result)") }
        let ready = try await answer()
        guard ready == "ok ready" else { throw TestFailure("the probe said: \(ready)") }
    }

    deinit {
        kill()
        Glibc.close(input)
        Glibc.close(output)
    }

    /// SIGKILL, and waits for the end. May be called again.
    func kill() {
        guard pid > 0 else { return }
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Sends a command and waits for its answer.
    @discardableResult
    func run(_ fields: String...) async throws -> String {
        try send(fields)
        return try await answer()
    }

    /// Sends a command without waiting.
    func start(_ fields: String...) throws {
        try send(fields)
    }

    func answer() async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "probe").async { [output] in
                var line: [UInt8] = []
                var byte: UInt8 = 0
                while read(output, &byte, 1) == 1 {
                    if byte == UInt8(ascii: "\n") {
                        continuation.resume(returning: String(decoding: line, as: UTF8.self))
                        return
                    }
                    line.append(byte)
                }
                continuation.resume(throwing: TestFailure("the probe has ended"))
            }
        }
    }

    private func send(_ fields: [String]) throws {
        let line = Array((fields.joined(separator: "\t") + "\n").utf8)
        guard write(input, line, line.count) == line.count else { throw TestFailure("cannot write to the probe") }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw TestFailure("pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The folder of this test's own executable, where the probe is built too.
    private static var buildDirectory: String {
        let resolved = realpath("/proc/self/exe", nil)
        defer { free(resolved) }
        let path = resolved.map { String(cString: $0) } ?? ""
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
