import Glibc
import Processes

/// The program that defines a topology: the user's code, run once on the submitting machine.
struct TopologyProgram {
    let file: TopologyFile
    /// The class whose `write()` defines the topology, or `-` to run the file itself.
    let className: String
    let arguments: [String]
    /// Starts Python programs: the interpreter, then the runner that loads the file under its own name.
    let pythonRunner: [String]

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
                executable: pythonRunner[0],
                arguments: pythonRunner.dropFirst() + [file.path, className] + arguments,
                environment: environment,
                timeLimit: timeLimit,
                outputLimit: TopologyProgram.outputLimit
            )
        } catch let error as ProcessError {
            throw SubmissionError(
                "cannot run '\(file.givenPath)': \(error)",
                // Not where this process lacks descriptors or memory.
                hint: [ENOENT, EACCES, ENOEXEC].contains(error.code) ? "install python3 (3.8 or newer)" : nil
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
            throw SubmissionError(
                "Failed to create topology definition file when executing class '\(className)' of file"
                    + " '\(file.givenPath)': it \(finished.status)",
                output: TopologyProgram.text(of: finished)
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
