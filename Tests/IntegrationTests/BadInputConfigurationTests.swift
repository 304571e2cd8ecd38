import Testing

/// Mistakes in a cluster's yaml files and in what overrides them.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct BadInputConfigurationTests {
    @Test func anUnknownClusterIsNamedWithThoseThatThereAre() async throws {
        let conf: String = try #require(Installation.home) + "/conf"
        try await User.use { user in
            let command = ["submit", "nowhere", BadInput.invalid, "-", "valid"]
            try await user.expectFailure(command, says: ["there is no cluster 'nowhere' in \(conf), there are: aurora"])
            try await user.expectFailure(["kill", "loca", "Words"], says: ["'loca'", "did you mean 'local'?"])
        }
    }

    @Test func aMissingConfigurationDirectoryIsNamed() async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["list", "local", "--config-path", "\(user.home)/conf"],
                says: ["the configuration directory '\(user.home)/conf' does not exist"]
            )
        }
    }

    @Test(arguments: [
        ("a: [b\nc: d\n", 2, "did not find expected ',' or ']'"),
        ("- heron.class.packing.algorithm\n", 1, "expected lines of the form 'key: value', found a list"),
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate key 'a', first on line 1"),
        ("a: 1\n\tb: 2\n", 2, "a tab is used to indent"),
        ("a: *nothing\n", 1, ""),
    ])
    func aMalformedFileIsNamedWithItsLine(content: String, line: Int, reason: String) async throws {
        try await User.use { user in
            let conf: String = try await user.configuration("packing.yaml", content)
            for command in [
                ["submit", "local", BadInput.invalid, "-", "valid"], ["list", "local"], ["kill", "local", "x"],
            ] {
                try await user.expectFailure(
                    command + ["--config-path", conf],
                    says: ["\(conf)/local/packing.yaml:\(line): \(reason)"]
                )
            }
        }
    }

    /// No file is needed as such, but what is missing without it is said.
    @Test(arguments: [
        ("packing.yaml", "heron.class.packing.algorithm"), ("scheduler.yaml", "heron.class.launcher"),
        ("uploader.yaml", "heron.class.uploader"), ("statemgr.yaml", "heron.statemgr.root.path"),
    ])
    func aMissingFileShowsInTheKeyThatIsNotSet(file: String, key: String) async throws {
        try await User.use { user in
            let conf: String = try await user.configuration(file, nil)
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--config-path", conf],
                says: ["\(key) is not set; add it to a yaml file in \(conf)/local"]
            )
        }
    }

    @Test func aFolderInPlaceOfAFileIsNamed() async throws {
        try await User.use { user in
            let conf: String = try await user.configuration("packing.yaml", nil)
            try await user.shell("mkdir conf/local/packing.yaml")
            try await user.expectFailure(
                ["list", "local", "--config-path", conf],
                says: ["\(conf)/local/packing.yaml: is not a regular file"]
            )
        }
    }

    /// In the last of the cluster's files, which overrides the others, and in the one that is read before them.
    @Test(arguments: [
        (
            "stateful.yaml", "heron.scheduler.is.service: \"yes\"",
            "must be true or false (without quotes), but is a string"
        ),
        (
            "stateful.yaml", "heron.class.packing.algorithm: 3",
            "must be a string (put it in quotes), but is an integer: 3"
        ),
        (
            "stateful.yaml", "heron.resources.instance.ram: lots",
            "must be a number of bytes, 0 or more, but is a string"
        ),
        (
            "client.yaml", "heron.config.is.role.required: 1",
            "must be true or false (without quotes), but is an integer"
        ),
    ])
    func aValueOfTheWrongTypeIsNamedWithItsLine(file: String, entry: String, reason: String) async throws {
        let key: Substring = entry.prefix { $0 != ":" }
        try await User.use { user in
            let conf: String = try await user.configuration(file, "# what the user wrote\n\(entry)\n")
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--dry-run", "--config-path", conf],
                says: ["\(conf)/local/\(file):2: \(key) \(reason)"]
            )
        }
    }

    @Test func anUnknownKeyIsAWarningWithTheNearestKnownOne() async throws {
        try await User.use { user in
            let conf: String = try await user.configuration("healthmgr.yaml", "heron.clas.scheduler: x\n")
            let result = try await user.inTurn(
                [
                    "submit", "local", BadInput.invalid, "-", "valid", "--dry-run", "--config-path", conf,
                    "--config-property", "heron.package.use_core_ury=true",
                ]
            )
            #expect(result.status.isSuccess, "\(result)")
            let warnings: [Substring] = result.error.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
            #expect(
                warnings.sorted() == [
                    "warning: --config-property: unknown key 'heron.package.use_core_ury';"
                        + " did you mean 'heron.package.use_core_uri'?",
                    "warning: \(conf)/local/healthmgr.yaml:1: unknown key 'heron.clas.scheduler';"
                        + " did you mean 'heron.class.scheduler'?",
                ]
            )
        }
    }

    @Test func aRequiredRoleIsAskedForWithTheLineThatRequiresIt() async throws {
        try await User.use { user in
            let conf: String = try await user.configuration("client.yaml", "heron.config.is.role.required: true\n")
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--config-path", conf],
                says: ["role required but not provided", "\(conf)/local/client.yaml:1"]
            )
        }
    }

    @Test(arguments: [
        ("heron.class.launcher", "no plugin has the launcher class com.acme.Missing; known are: "),
        ("heron.class.scheduler", "no plugin has the scheduler class com.acme.Missing; known are: "),
        ("heron.class.uploader", "unknown uploader 'com.acme.Missing' in heron.class.uploader; known are "),
        ("heron.class.packing.algorithm", "unknown packing algorithm 'com.acme.Missing' in heron.class.packing"),
        ("heron.class.state.manager", "there is no state manager 'com.acme.Missing'; use "),
    ])
    func anUnknownClassIsNamedWithThoseThatThereAre(key: String, reason: String) async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--config-property", "\(key)=com.acme.Missing"],
                says: [reason]
            )
        }
    }

    @Test(arguments: ["heron.class.launcher", "a=b=c", "=c", ""])
    func aPropertyWithoutExactlyOneEqualsSignIsRefused(property: String) async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--config-property", property],
                says: ["--config-property \(property): expected key=value with exactly one '='"]
            )
        }
    }

    @Test func aMissingReleaseFileIsNamed() async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "valid", "--release-yaml-file", "\(user.home)/none.yaml"],
                says: ["cannot read '\(user.home)/none.yaml': No such file or directory"]
            )
        }
    }
}

extension User {
    /// A copy of the distribution's configuration with one file of the cluster `local` replaced, or removed if nil.
    fileprivate func configuration(_ file: String, _ content: String?) async throws -> String {
        let source: String = try #require(Installation.home)
        try await shell("mkdir conf; cp -R '\(source)/conf/local' conf/local; rm conf/local/\(file)")
        if let content { _ = try await write("conf/local/\(file)", content) }
        return "\(home)/conf"
    }
}
