import Glibc
import Processes

/// The program that defines a topology: the user's code, run once on the submitting machine.
struct TopologyProgram {
    let file: TopologyFile
    /// What defines the topology, for messages: `class 'Words' of file 'words.jar'`.
    let subject: String
    /// Executable and arguments.
    let command: [String]
    /// What to do where the executable is missing.
    let remedy: String
    /// What to do about a failure, by what the program printed.
    var advice: @Sendable (String) -> String? = { _ in nil }

    /// How much of a program's output is shown when it fails.
    private static let outputLimit = 32 * 1024

    /// Runs the program to its end.
    ///
    /// Throws ``SubmissionError`` with the program's output if it cannot be started, fails, or takes longer than
    /// `timeLimit`; then it, and all that it started, is ended. What it keeps in temporary files goes to `scratch`, which
    /// the caller removes: a program that is ended cannot.
    func run(options: HeronOptions, scratch: String, timeLimit: Duration) async throws {
        var environment: [String: String] = ChildProcess.currentEnvironment()
        environment[HeronOptions.variable] = options.encoded
        environment["TMPDIR"] = scratch
        let finished: CompletedProcess
        do {
            finished = try await ChildProcess.runToCompletion(
                executable: command[0],
                arguments: Array(command.dropFirst()),
                environment: environment,
                timeLimit: timeLimit,
                outputLimit: TopologyProgram.outputLimit
            )
        } catch let error as ProcessError {
            throw SubmissionError(
                "cannot run '\(file.givenPath)': \(error)",
                // Not where this process lacks descriptors or memory.
                hint: [ENOENT, EACCES, ENOEXEC].contains(error.code) ? remedy : nil
            )
        }
        guard !finished.timedOut else {
            throw SubmissionError(
                "'\(file.givenPath)' did not define its topology within \(timeLimit.components.seconds) s and was stopped",
                hint: "give it longer with --main-timeout, or see why it hangs",
                output: TopologyProgram.text(of: finished)
            )
        }
        guard finished.status.isSuccess else {
            let output: String = TopologyProgram.text(of: finished)
            throw SubmissionError(
                "Failed to create topology definition file when executing \(subject): it \(finished.status)",
                hint: advice(output),
                output: output
            )
        }
    }

    /// What the program printed, without the line breaks at its end.
    private static func text(of finished: CompletedProcess) -> String {
        let cut: String = finished.isTruncated ? "[…]\n" : ""
        let text = cut + String(decoding: finished.output + finished.error, as: UTF8.self)
        return String(text.prefix(upTo: text.lastIndex { !$0.isNewline }.map(text.index(after:)) ?? text.startIndex))
    }
}
