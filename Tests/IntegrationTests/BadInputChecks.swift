import Processes
import Testing

/// Checks that the tests of bad input share.
enum BadInput {
    /// Topology programs that do what they should not, and definitions that may not be submitted.
    static let misbehaving: String = Installation.folder + "/BrokenTopologies/misbehaving.py"
    static let invalid: String = Installation.folder + "/BrokenTopologies/invalid.py"

    /// Keeps commands from running all at once: each may start an interpreter.
    static let turnstile = Turnstile(width: 4)
}

/// Lets a limited number of tasks do something at a time.
actor Turnstile {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) {
        free = width
    }

    /// Waits for a free place, and gives it up when the body has returned.
    nonisolated func pass<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter()
        do {
            let result: Result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

extension User {
    /// Runs `heron`, a few at a time.
    func inTurn(_ arguments: [String], environment: [String: String] = [:]) async throws -> Result {
        try await BadInput.turnstile.pass { try await run(arguments, environment: environment) }
    }

    /// Runs a command that must fail: with the exit code, one clear line with all the texts, and nothing left behind.
    @discardableResult
    func expectFailure(
        _ arguments: [String],
        status: Int32 = 1,
        says texts: [String],
        environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Result {
        let result: Result = try await inTurn(arguments, environment: environment)
        #expect(result.status == .exited(status), "\(result)", sourceLocation: sourceLocation)
        #expect(result.output == "", sourceLocation: sourceLocation)
        checkErrorLine(of: result, texts, sourceLocation)
        try await expectNothingLeft(sourceLocation: sourceLocation)
        return result
    }

    /// The last line, and no other, is the error's.
    func checkErrorLine(of result: Result, _ texts: [String], _ sourceLocation: SourceLocation) {
        let lines: [Substring] = result.error.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let errors: [Substring] = lines.filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1 && lines.last == errors.first, "\(result)", sourceLocation: sourceLocation)
        for text in texts {
            #expect(
                errors.first?.contains(text) == true,
                "'\(text)' is not in: \(result)",
                sourceLocation: sourceLocation
            )
        }
    }

    /// No process, no file of a topology, no node of the state, no temporary file.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let left: [String] = try await leftovers()
        #expect(left == [], sourceLocation: sourceLocation)
        #expect(processes().map(\.1) == [], sourceLocation: sourceLocation)
    }

    private func leftovers() async throws -> [String] {
        let finished: CompletedProcess = try await ChildProcess.runToCompletion(
            executable: "sh",
            arguments: [
                "-c",
                """
                find tmp -mindepth 1
                # <cluster>/<role>/<topology>; the first two may stay.
                find .herondata/topologies .herondata/repository/topologies -mindepth 3 2>/dev/null
                find .herondata/repository/state -type f -not -name .lock 2>/dev/null
                """,
            ],
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: home,
            timeLimit: .seconds(30)
        )
        return String(decoding: finished.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Runs a shell script in the home directory; the test fails if it does.
    func shell(_ script: String) async throws {
        let finished: CompletedProcess = try await ChildProcess.runToCompletion(
            executable: "sh",
            arguments: ["-euc", script],
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: home,
            timeLimit: .seconds(30)
        )
        try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
    }

    /// Writes a file in the home directory, and returns its path.
    func write(_ name: String, _ text: String) async throws -> String {
        // As an argument: the text may hold anything but a zero byte.
        try await shell("printf %s \(quoted(text)) >\(quoted(name))")
        return "\(home)/\(name)"
    }

    /// A text as one word of a shell script.
    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
