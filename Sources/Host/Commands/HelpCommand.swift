import ArgumentParser

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "help", abstract: "Explains a command.")

    @Argument(help: "The command, or exit-codes.") var command: [String] = []

    func run() throws {
        guard let name: String = command.first else { return print(Heron.helpMessage()) }
        if name == "exit-codes" { return print(ExitStatus.help) }
        var found: any ParsableCommand.Type = Heron.self
        for part in command {
            guard let inner = found.subcommand(part) else {
                throw CommandError("Unknown subcommand '\(command.joined(separator: " "))'; see: heron help")
            }
            found = inner
        }
        print(Heron.helpMessage(for: found))
    }
}
