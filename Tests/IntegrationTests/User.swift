import Glibc
import Processes
import Testing

/// A user with a home directory of their own, and nothing in it; what they start is known by it.
final class User: Sendable {
    let home: String
    private let environment: [String: String]

    /// What a command did.
    struct Result: CustomStringConvertible {
        let status: Processes.ExitStatus
        let output: String
        let error: String

        var description: String { "\(status)\n\(output)\(error)" }
    }

    /// - Parameter variables: what the environment of the user's commands has besides; given the home directory.
    init(variables: (String) -> [String: String] = { _ in [:] }) throws {
        var template: [CChar] = Array("/tmp/heron-user-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        home = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        var environment: [String: String] = ChildProcess.currentEnvironment()
        environment["HOME"] = home
        environment["TMPDIR"] = home + "/tmp"
        environment["NO_COLOR"] = "1"
        environment["HERON_PLUGIN_PATH"] = nil
        self.environment = environment.merging(variables(home)) { $1 }
        try #require(mkdir(home + "/tmp", 0o700) == 0)
    }

    /// Gives a user to a test, and sees to it that nothing of theirs is left behind.
    static func use(
        variables: (String) -> [String: String] = { _ in [:] },
        _ body: (User) async throws -> Void
    ) async throws {
        let user = try User(variables: variables)
        do {
            try await body(user)
        } catch {
            await user.cleanUp()
            throw error
        }
        do {
            // A scheduler service answers before it ends.
            try await eventually("nothing is left running", within: .seconds(10)) { user.processes().isEmpty }
        } catch {
            await user.cleanUp()
            throw error
        }
        await user.cleanUp()
    }

    /// Runs `heron` with the arguments to its end.
    func heron(_ arguments: String..., limit: Duration = .seconds(120)) async throws -> Result {
        try await run(arguments, limit: limit)
    }

    func run(_ arguments: [String], environment more: [String: String] = [:], limit: Duration = .seconds(120))
        async throws
        -> Result
    {
        let heron: String = try #require(Installation.home) + "/bin/heron"
        return try await run(executable: heron, arguments, environment: more, limit: limit)
    }

    /// Runs any command as this user, to its end.
    func run(
        executable: String,
        _ arguments: [String],
        environment more: [String: String] = [:],
        limit: Duration = .seconds(120)
    ) async throws -> Result {
        let finished: CompletedProcess = try await ChildProcess.runToCompletion(
            executable: executable,
            arguments: arguments,
            environment: environment.merging(more) { $1 },
            workingDirectory: home,
            newSession: false,
            timeLimit: limit
        )
        try #require(!finished.timedOut, "\(executable) \(arguments.joined(separator: " ")) hangs")
        return Result(
            status: finished.status,
            output: String(decoding: finished.output, as: UTF8.self),
            error: String(decoding: finished.error, as: UTF8.self)
        )
    }

    /// Starts `heron` and lets it run; the caller ends it.
    func start(_ arguments: String...) throws -> ChildProcess {
        try start(arguments)
    }

    func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess.spawn(
            executable: try #require(Installation.home) + "/bin/heron",
            arguments: arguments,
            environment: environment,
            workingDirectory: home,
            newSession: true,
            stdout: .file(home + "/heron.out"),
            stderr: .file(home + "/heron.err")
        )
    }

    /// Everything that runs with this user's home in its environment: process id and command line.
    func processes() -> [(Int32, String)] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [(Int32, String)] = []
        while let entry = readdir(directory) {
            let name: String = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let processID = Int32(name), processID != getpid() else { continue }
            let variables: [UInt8] = contents("/proc/\(name)/environ")
            guard variables.split(separator: 0).contains(where: { $0.elementsEqual("HOME=\(home)".utf8) }) else {
                continue
            }
            let words = contents("/proc/\(name)/cmdline").split(separator: 0).map {
                String(decoding: $0, as: UTF8.self)
            }
            found.append((processID, words.joined(separator: " ")))
        }
        return found
    }

    /// What runs, sorted: each process's program, component and container.
    var processKinds: [String] {
        processes().map { process in
            let words: [Substring] = process.1.split(separator: " ")
            let component: Substring = words.first { $0.hasPrefix("--component_name=") } ?? ""
            let shard: Substring = words.first { $0.hasPrefix("--shard=") || $0.hasPrefix("--stmgr_id=") } ?? ""
            let names = ["heron-scheduler", "heron-executor", "heron-stmgr", "heron-tmanager", "heron-shell", "python"]
            return "\(names.first { process.1.contains($0) } ?? process.1) \(component) \(shard)"
        }.sorted()
    }

    /// Waits until exactly these kinds of processes run, and none of some that must have gone.
    func expectProcesses(_ planned: [String], without gone: [Int32] = [], _ when: String) async throws {
        do {
            try await eventually("exactly what is planned runs \(when)") {
                processKinds == planned && !processes().contains { gone.contains($0.0) }
            }
        } catch {
            let difference = processKinds.difference(from: planned)
            Issue.record(
                "there are besides \(difference.insertions), and there are not \(difference.removals), \(when)"
            )
            throw error
        }
    }

    /// The processes whose command line contains the text.
    func processes(_ text: String) -> [Int32] {
        processes().filter { $0.1.contains(text) }.map(\.0)
    }

    /// The processes that run a program; its name may well be in the command lines of others.
    func processes(of program: String) -> [Int32] {
        processes().filter { $0.1.prefix { $0 != " " }.hasSuffix("/\(program)") }.map(\.0).sorted()
    }

    /// The bytes of a file; empty if it cannot be read.
    func contents(_ path: String) -> [UInt8] {
        let descriptor: Int32 = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count: Int = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }

    /// The files below a folder of the home directory whose names fit a pattern, by paths relative to it.
    func files(below folder: String, named pattern: String = "*") async throws -> [String] {
        let finished = try await ChildProcess.runToCompletion(
            executable: "find",
            arguments: [home + "/" + folder, "-type", "f", "-name", pattern, "-printf", "%P\\n"],
            environment: environment,
            timeLimit: .seconds(10)
        )
        return String(decoding: finished.output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
    }

    private func cleanUp() async {
        for (processID, _) in processes() { kill(processID, SIGKILL) }
        _ = try? await ChildProcess.runToCompletion(
            executable: "rm",
            arguments: ["-rf", home],
            environment: environment,
            timeLimit: .seconds(30)
        )
    }
}

/// Waits until a condition holds; fails the test if it does not within the limit.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws {
    let deadline: ContinuousClock.Instant = .now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "\(what): not within \(limit)")
        try await Task.sleep(for: .milliseconds(50))
    }
}
