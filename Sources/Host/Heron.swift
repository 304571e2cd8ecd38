import ArgumentParser

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
            ConfigCommand.self, VersionCommand.self, HelpCommand.self,
        ]
    )

    /// Parses and runs; the exit code is Heron's, see ``ExitStatus``.
    static func main() async {
        do {
            var command: any ParsableCommand = try parseAsRoot(Arguments.rewritten(CommandLine.arguments.dropFirst()))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.exit(for: error)
        }
    }
}
