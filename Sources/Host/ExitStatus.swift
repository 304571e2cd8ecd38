import ArgumentParser
import Glibc

/// The exit codes of `heron`: Heron's own, and one of ours.
enum ExitStatus: Int32 {
    case success = 0
    /// The command failed; nothing is left half-done.
    case failure = 1
    /// The command line is wrong.
    case usage = 2
    /// `submit --timeout` passed while the topology is pending.
    case pending = 3
    /// Interrupted with Ctrl-C (128 + SIGINT).
    case interrupted = 130

    /// The text of `heron help exit-codes`.
    static let help = """
        exit codes:
          0    the command did what it was asked to do
          1    it failed, and left nothing half-done
          2    the command line is wrong
          3    submit: the time limit passed; the topology was submitted and is still pending
          130  interrupted with Ctrl-C; a submission that was not launched yet is rolled back
        """

    /// Prints the error and ends the process with its code.
    static func exit(for error: any Error) -> Never {
        if let exit = error as? ExitCode { Glibc.exit(exit.rawValue) }
        if error is CancellationError {
            Console.error("interrupted")
            Glibc.exit(interrupted.rawValue)
        }
        guard isFromParser(error) else {
            Console.error("\(error)")
            Glibc.exit(failure.rawValue)
        }
        if Heron.exitCode(for: error).isSuccess {
            print(Heron.fullMessage(for: error))
            Glibc.exit(success.rawValue)
        }
        var problem: String = Heron.message(for: error).split(separator: "\n").joined(separator: " ")
        if problem.hasSuffix(".") { problem.removeLast() }
        Console.error("\(problem); see: \(Heron.helpCommand(for: CommandLine.arguments.dropFirst()))")
        Glibc.exit(usage.rawValue)
    }

    /// Whether the argument parser, not a command, threw the error: help and version requests, and usage errors.
    private static func isFromParser(_ error: any Error) -> Bool {
        let code: ExitCode = Heron.exitCode(for: error)
        return code == .success || code == .validationFailure
    }
}
