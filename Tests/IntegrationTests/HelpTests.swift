import Testing

/// What `heron` says of itself.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct HelpTests {
    private static let names = [
        "submit", "kill", "activate", "deactivate", "restart", "update", "list", "status", "scheduler", "plugin",
        "config", "state", "version", "help",
    ]

    @Test(arguments: [[], ["help"], ["--help"], ["-h"]])
    func helpListsTheCommands(arguments: [String]) async throws {
        try await User.use { user in
            let result = try await user.inTurn(arguments)
            #expect(result.status.isSuccess && result.error == "", "\(result)")
            for command in HelpTests.names {
                #expect(result.output.contains("\n  \(command) "), "\(command) is not in: \(result)")
            }
        }
    }

    @Test(arguments: HelpTests.names)
    func helpExplainsEachCommand(command: String) async throws {
        try await User.use { user in
            let topic = try await user.inTurn(["help", command])
            #expect(topic.status.isSuccess && topic.error == "", "\(topic)")
            #expect(topic.output.contains("USAGE: heron \(command)"), "\(topic)")
            let option = try await user.inTurn([command, "--help"])
            #expect(option.status.isSuccess && option.output == topic.output, "\(option)")
        }
    }

    @Test func helpExplainsASubcommandAndTheExitCodes() async throws {
        try await User.use { user in
            #expect(
                try await user.inTurn(["help", "scheduler", "start"]).output.contains("USAGE: heron scheduler start ")
            )
            let codes = try await user.inTurn(["help", "exit-codes"])
            #expect(codes.status.isSuccess && codes.output.hasPrefix("exit codes:\n  0    "), "\(codes)")
        }
    }

    @Test func helpForSomethingElseFails() async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["help", "nonsense"],
                says: ["Unknown subcommand 'nonsense'; see: heron help"]
            )
            try await user.expectFailure(
                ["help", "plugin", "nonsense"],
                says: ["Unknown subcommand 'plugin nonsense'"]
            )
        }
    }

    @Test(arguments: [["plugin", "call", "--help"], ["plugin", "call", "-h", "local"], ["help", "plugin", "call"]])
    func helpExplainsTheCallOfAnOperation(arguments: [String]) async throws {
        try await User.use { user in
            let help = try await user.inTurn(arguments)
            #expect(help.status.isSuccess && help.output.contains("USAGE: heron plugin call <plugin>"), "\(help)")
        }
    }

    /// Every command has examples that the command line takes, and its help fits a terminal.
    @Test func helpIsCompleteAndItsExamplesAreTaken() async throws {
        try await User.use { user in
            for command in try await commands(user) where !["help", "update", "version"].contains(command) {
                let help: String = try await user.inTurn(["help"] + words(command)).output
                let lines: [Substring] = help.split(separator: "\n")
                let wide: [Substring] = lines.filter { $0.count > 80 && !$0.hasPrefix("USAGE: ") }
                #expect(wide == [], "in the help of \(command)")
                let examples: [Substring] = lines.filter { $0.hasPrefix("  heron \(command) ") }
                #expect(!examples.isEmpty || help.contains("SUBCOMMANDS:"), "heron \(command) has no examples")
                for example in examples {
                    // What stands behind it is the shell's; and nothing is to be done for real.
                    let typed = Array(words(String(example.prefix { $0 != ">" })).dropFirst())
                    let nowhere: [String] = help.contains("--config-path") ? ["--config-path", "/nowhere"] : []
                    let result = try await user.inTurn(typed + nowhere)
                    #expect(result.status == .exited(1) || result.status.isSuccess, "\(example): \(result)")
                }
            }
        }
    }

    /// Every command, as one types it, found in the help.
    private func commands(_ user: User) async throws -> [String] {
        var found: [String] = []
        var open = [""]
        while let command: String = open.popLast() {
            let help: String = try await user.inTurn(words(command) + ["--help"]).output
            guard let heading = help.firstRange(of: "SUBCOMMANDS:\n") else { continue }
            let names: [Substring] = help[heading.upperBound...].split(separator: "\n").filter {
                $0.hasPrefix("  ") && !$0.hasPrefix("   ")
            }
            .compactMap { $0.split(separator: " ").first }.filter { $0 != "See" }
            let inner: [String] = names.map { command.isEmpty ? String($0) : "\(command) \($0)" }
            open += inner
            found += inner
        }
        try #require(found.count > 15, "\(found)")
        return found
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    /// On a terminal the last column goes on below itself; elsewhere a row is a line.
    @Test func tablesFitATerminal() async throws {
        try await User.use { user in
            let heron: String = try #require(Installation.home) + "/bin/heron"
            let narrow = try await user.run(
                executable: "script",
                ["-qec", "stty cols 70; exec \(heron) plugin check .", "/dev/null"]
            )
            let lines: [String] = narrow.output.split(whereSeparator: \.isNewline).map(String.init)
            #expect(lines.contains("               in its folder: rule 1 is broken"), "\(narrow)")
            #expect(lines.allSatisfy { $0.count <= 70 }, "\(narrow)")
            let piped = try await user.run(["plugin", "check", "."])
            #expect(piped.output.split(separator: "\n").contains { $0.count > 70 }, "\(piped)")
        }
    }
}
