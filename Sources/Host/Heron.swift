import ArgumentParser
import Glibc

/// The `heron` command.
@main
struct Heron: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron",
        abstract: "Submits streaming topologies to a cluster and manages them.",
        discussion: "See 'heron help <command>' for a command, 'heron help exit-codes' for the exit codes.",
        subcommands: [
            SubmitCommand.self, KillCommand.self, ActivateCommand.self, DeactivateCommand.self, RestartCommand.self,
            UpdateCommand.self, ListCommand.self, StatusCommand.self, SchedulerCommand.self, PluginCommand.self,
            ConfigCommand.self, StateCommand.self, VersionCommand.self, HelpCommand.self,
        ]
    )

    /// Parses and runs; the exit code is Heron's, see ``ExitStatus``.
    static func main() async {
        // Whoever stops reading the output must not end a command half-way.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments: ArraySlice<String> = CommandLine.arguments.dropFirst()
            if let name = arguments.first, !name.hasPrefix("-"), subcommand(name) == nil {
                throw ValidationError("Unknown subcommand '\(name)'")
            }
            var command: any ParsableCommand = try parseAsRoot(Arguments.rewritten(arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.exit(for: error)
        }
    }

    /// What explains the command that a command line begins with, such as `heron plugin list --help`.
    static func helpCommand(for arguments: some Sequence<String>) -> String {
        var found: any ParsableCommand.Type = Heron.self
        var words = ["heron"]
        for argument in arguments {
            guard let inner = found.subcommand(argument) else { break }
            found = inner
            words.append(argument)
        }
        return (words + ["--help"]).joined(separator: " ")
    }
}

extension ParsableCommand {
    /// The subcommand with a name, or nil.
    static func subcommand(_ name: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0._commandName == name }
    }
}
