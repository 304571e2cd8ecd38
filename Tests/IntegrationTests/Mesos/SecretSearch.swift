import Glibc
import Processes
import Testing

/// Looks for texts that nobody but their owner may see.
struct SecretSearch {
    let secrets: [String]

    /// Whether a text holds one of them.
    func finds(in text: String) -> Bool { secrets.contains { text.contains($0) } }

    func finds(in bytes: [UInt8]) -> Bool { finds(in: String(decoding: bytes, as: UTF8.self)) }

    /// The files below a folder that hold one of them, archives as they are.
    func files(below folder: String) async throws -> Set<String> {
        let found = try await run(
            "grep",
            ["-rlaF"] + secrets.flatMap { ["-e", $0] } + [folder]
        )
        return Set(found.split(separator: "\n").map(String.init))
    }

    /// Whether a packed archive's files hold one of them.
    func finds(inArchive path: String) async throws -> Bool {
        let content = try await run("tar", ["-xzOf", path])
        try #require(!content.isEmpty, "\(path) is empty")
        return finds(in: content)
    }

    /// The processes that have one of them in their command line or environment.
    func processes(_ user: User) -> [Int32] {
        ((try? ProcessStat.all()) ?? []).map(\.processID).filter { process in
            process != getpid()
                && ["cmdline", "environ"].contains { finds(in: user.contents("/proc/\(process)/\($0)")) }
        }
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        let finished = try await ChildProcess.runToCompletion(
            executable: program,
            arguments: arguments,
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        try #require(!finished.timedOut, "\(program) takes too long")
        return String(decoding: finished.output, as: UTF8.self)
    }
}
