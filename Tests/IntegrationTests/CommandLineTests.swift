import Testing

/// What the command line takes, and how it refuses what it does not.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct CommandLineTests {
    @Test(arguments: [
        (["nonsense"], "Unknown subcommand 'nonsense'; see: heron --help"),
        (["submit"], "Missing expected argument '<cluster/[role]/[env]>'; see: heron submit --help"),
        (["submit", "local"], "Missing expected argument '<topology-file-name>'; see: heron submit --help"),
        (
            ["submit", "local", "words.py"],
            "Missing expected argument '<topology-class-name>'; see: heron submit --help"
        ),
        (["kill", "local"], "Missing expected argument '<topology-name>'; see: heron kill --help"),
        (["kill", "local", "Words", "More"], "Unexpected argument 'More'; see: heron kill --help"),
        (["list"], "Missing expected argument '<cluster/[role]/[env]>'; see: heron list --help"),
        (["list", "local", "--nonsense"], "Unknown option '--nonsense'; see: heron list --help"),
        (["list", "local", "--output", "xml"], "The value 'xml' is invalid for '--output <output>'."),
        (["restart", "local", "Words", "one"], "The value 'one' is invalid for '<container-id>'; see: heron restart"),
        (
            ["restart", "local", "Words", "--", "-2"],
            "container-id must be 0 or more, or -1 for all; see: heron restart"
        ),
        (
            ["config", "local", "set", "service_url"],
            "config set takes 2 argument(s) behind it, not 1; see: heron config"
        ),
        (["config", "local", "nonsense"], "The value 'nonsense' is invalid for '<action>'."),
        (["plugin", "info"], "Missing expected argument '<name>'; see: heron plugin info --help"),
        (["submit", "local", "words.py", "-", "--config-path"], "Missing value for '--config-path <path>'"),
        (["submit", "local", "words.py", "-", "--timeout", "0"], "--timeout must be 1 or more seconds"),
        (
            ["submit", "local", "words.py", "-", "--timeout", "soon"],
            "The value 'soon' is invalid for '--timeout <seconds>'"
        ),
        (["submit", "local", "words.py", "-", "--main-timeout", "0"], "--main-timeout must be 1 or more seconds"),
        (
            ["submit", "local", "words.py", "-", "--dry-run", "--dry-run-format", "xml"],
            "The value 'xml' is invalid for"
        ),
        (["submit", "local", "words.py", "-", "--dry-run-format", "raw"], "--dry-run-format goes with --dry-run"),
        (
            ["submit", "local", "words.jar", "Words", "--topology-main-jvm-property", "colour"],
            "--topology-main-jvm-property must be name=value, not 'colour'"
        ),
    ])
    func aWrongCommandLineIsToldInOneLine(arguments: [String], message: String) async throws {
        try await User.use { user in
            try await user.expectFailure(arguments, status: 2, says: [message])
        }
    }

    @Test(arguments: [
        (["update", "local", "Words", "--component-parallelism", "counts:2"], "update is not supported yet; kill the"),
        (["version", "local"], "asking an API server is not supported; use: heron version"),
        (
            ["list", "local", "--service-url", "http://host"],
            "--service-url http://host: an API server is not supported"
        ),
        (
            ["submit", "local", "words.py", "-", "--extra-launch-classpath", "/lib"],
            "is for launchers in Java; this heron's"
        ),
        (["plugin", "info", "nowhere"], "there is no plugin 'nowhere'; installed are: "),
        (["config", "local", "set", "colour", "red"], "Unknown property [colour] for cluster local"),
        (["config", "local/", "unset", "colour"], "Unknown property [colour] for cluster local"),
    ])
    func whatIsNotThereIsRefused(arguments: [String], message: String) async throws {
        try await User.use { user in
            try await user.expectFailure(arguments, says: [message])
        }
    }

    @Test func versionPrintsTheReleaseSortedByKey() async throws {
        try await User.use { user in
            let result = try await user.inTurn(["version"])
            #expect(result.status.isSuccess && result.error == "", "\(result)")
            let keys: [Substring] = result.output.split(separator: "\n").compactMap { $0.split(separator: " : ").first }
            #expect(keys == keys.sorted() && keys.contains("heron.build.version"), "\(result)")
        }
    }

    /// Heron's client takes any unambiguous beginning of an option's name, wherever it stands.
    @Test func optionsMayBeAbbreviatedAndStandAnywhere() async throws {
        try await User.use { user in
            let short = try await user.inTurn(
                ["submit", "--dry-run", "--dry-run-f=raw", "local", BadInput.invalid, "-", "valid", "--verb"]
            )
            #expect(short.status.isSuccess && short.output.hasPrefix("Topology: invalid\n"), "\(short)")
            try await user.expectFailure(
                ["list", "local", "--config-prop", "wrong"],
                says: ["--config-property wrong: "]
            )
        }
    }

    @Test(arguments: [
        ("raw", "Container 1: 3.0 cores"), ("table", "component  task  index"), ("colored_table", "\u{1B}[1mcomponent"),
        ("json", #"{"packingClass":"#),
    ])
    func aDryRunPrintsThePlanAndNothingElse(format: String, beginning: String) async throws {
        try await User.use { user in
            let result = try await user.inTurn(
                ["submit", "local", BadInput.invalid, "-", "valid", "--dry-run", "--dry-run-format", format]
            )
            #expect(result.status.isSuccess && result.output.contains(beginning), "\(result)")
            #expect(result.output.hasSuffix("\n") && !result.output.hasSuffix("\n\n"))
            if format == "json" { #expect(result.output.split(separator: "\n").count == 1) }
            try await user.expectNothingLeft()
        }
    }

    @Test func aDryRunIsATableUnlessOnATerminal() async throws {
        try await User.use { user in
            let plain = try await user.inTurn(["submit", "local", BadInput.invalid, "-", "valid", "--dry-run"])
            #expect(plain.output.contains("\ncomponent  task  index"), "\(plain)")
        }
    }

    @Test func anEmptyClusterHasAnEmptyList() async throws {
        try await User.use { user in
            let text = try await user.inTurn(["list", "local"])
            #expect(text.status.isSuccess && text.output.split(separator: "\n").count == 1, "\(text)")
            let json = try await user.inTurn(["list", "local", "--output", "json"])
            #expect(json.status.isSuccess && json.output.filter { !$0.isWhitespace } == "[]", "\(json)")
        }
    }

    @Test func theUsersOwnPropertiesAreKeptListedAndCleared() async throws {
        try await User.use { user in
            #expect(try await user.inTurn(["config", "local"]).output == "No config for cluster local\n")
            let set = try await user.inTurn(["config", "local", "set", "service_url", "http://host:9000"])
            #expect(set.output == "Updated property [service_url] for cluster local\n")
            #expect(try await user.inTurn(["config", "local", "list"]).output == "service_url = http://host:9000\n")
            // What the property stands for is not there yet.
            try await user.expectFailure(
                ["list", "local"],
                says: [
                    "cli.yaml sets service_url, but an API server is not supported yet",
                    "config local unset service_url",
                ]
            )
            let unset = try await user.inTurn(["config", "local", "unset", "service_url"])
            #expect(unset.output == "Cleared property [service_url] for cluster local\n")
            #expect(try await user.files(below: ".config") == [])
        }
    }

    @Test func theEffectiveConfigurationIsShownWithItsOrigins() async throws {
        let home: String = try #require(Installation.home)
        try await User.use { user in
            let result = try await user.inTurn(
                ["config", "local/alice", "show", "--config-property", "heron.scheduler.background=false"]
            )
            #expect(result.status.isSuccess && result.error == "", "\(result)")
            func row(_ key: String) -> [Substring]? {
                result.output.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.first == key[...] }
            }
            #expect(row("heron.scheduler.background")?[1...] == ["--config-property", "false"])
            #expect(row("heron.class.scheduler")?[1].hasPrefix("\(home)/conf/local/scheduler.yaml:") == true)
            let json = try await user.inTurn(["config", "local", "show", "--output", "json"])
            #expect(json.status.isSuccess && json.output.contains(#""key" : "heron.class.scheduler""#), "\(json)")
        }
    }

    @Test func pluginsAreListedAndExplained() async throws {
        let home: String = try #require(Installation.home)
        try await User.use { user in
            let list = try await user.inTurn(["plugin", "list"])
            #expect(list.status.isSuccess && list.output.contains("\nlocal "), "\(list)")
            #expect(try await user.inTurn(["plugin"]).output == list.output)
            let explained = try await user.inTurn(["plugin", "list", "--explain"])
            #expect(explained.output.contains("\(home)/lib/plugins/local/plugin.yaml: taken"), "\(explained)")
            let info = try await user.inTurn(["plugin", "info", "local"])
            #expect(info.output.contains("org.apache.heron.scheduler.local.LocalScheduler"), "\(info)")
            let json = try await user.inTurn(["plugin", "info", "local", "--output", "json"])
            #expect(json.output.contains(#""name" : "local""#), "\(json)")
        }
    }
}
