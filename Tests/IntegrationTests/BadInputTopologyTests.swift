import Glibc
import Testing

/// Topology files, programs and definitions that cannot be submitted.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct BadInputTopologyTests {
    /// Our core package has no instance for it; Apache Heron's has.
    @Test(arguments: ["words.so", "words.dylib"])
    func aTopologyInCppIsRefused(name: String) async throws {
        try await User.use { user in
            let file: String = try await user.write(name, "whatever")
            try await user.expectFailure(
                ["submit", "local", file, "./words"],
                says: [
                    "topology file '\(file)' is in C++, and the core package '",
                    "has no heron-cpp-instance; set heron.",
                ]
            )
        }
    }

    /// As with `heron submit … | head -1`.
    @Test func aReaderThatGoesAwayDoesNotEndACommandHalfWay() async throws {
        try await User.use { user in
            let home: String = try #require(Installation.home)
            try await user.shell(
                """
                export HOME=\(user.home) TMPDIR=\(user.home)/tmp
                (\(home)/bin/heron submit local \(home)/examples/word_count.pex - Words 2>&1; echo $? >code) |
                    head -c 1 >/dev/null
                """
            )
            #expect(String(decoding: user.contents(user.home + "/code"), as: UTF8.self) == "0\n")
            #expect(try await user.heron("kill", "local", "Words").status.isSuccess)
        }
    }

    @Test func aFileThatCannotBeReadIsNamedWithTheReason() async throws {
        try await User.use { user in
            try await user.shell(
                "mkdir folder.py; mkfifo pipe.py; ln -s loop.py loop.py; : >empty.py; echo x >words.txt"
            )
            try await user.shell("echo 'print(1)' >words.pex; echo x >a,b.py")
            for (name, reason) in [
                ("missing.py", "does not exist; check its path"),
                ("folder.py", "is not a regular file"),
                ("pipe.py", "is not a regular file"),
                ("loop.py", "Too many levels of symbolic links"),
                ("empty.py", "is empty"),
                ("words.txt", "is of an unknown type; use a .jar, .tar, .tar.gz, .pex or .py file"),
                ("words.pex", "it is not a zip archive, as a pex must be"),
                ("a,b.py", "it contains a comma; rename the file"),
            ] {
                let file = "\(user.home)/\(name)"
                try await user.expectFailure(["submit", "local", file, "-"], says: ["'\(file)'", reason])
            }
        }
    }

    /// Root may read everything, so this shows only for other users.
    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func aFileWithoutPermissionIsNamed() async throws {
        try await User.use { user in
            let file: String = try await user.write("secret.py", "pass\n")
            #expect(chmod(file, 0) == 0)
            try await user.expectFailure(
                ["submit", "local", file, "-"],
                says: ["cannot read '\(file)': Permission denied; check who may access it"]
            )
        }
    }

    @Test(arguments: [
        ("def main(:\n", "SyntaxError"),
        ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("raise SystemExit(3)\n", ""),
    ])
    func aFileThatIsNoProgramIsToldWithPythonsReason(content: String, reason: String) async throws {
        try await User.use { user in
            let file: String = try await user.write("words.py", content)
            let result = try await user.expectFailure(
                ["submit", "local", file, "-"],
                says: [
                    "Failed to create topology definition file when executing class '-' of file '\(file)': it exited"
                ]
            )
            #expect(result.error.contains(reason))
        }
    }

    @Test func anUnknownClassIsNamed() async throws {
        try await User.use { user in
            let result = try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "invalid.Nowhere"],
                says: ["when executing class 'invalid.Nowhere' of file '\(BadInput.invalid)'"]
            )
            #expect(result.error.contains("has no class 'Nowhere'"))
        }
    }

    @Test func aProgramThatFailsIsToldWithItsOutput() async throws {
        try await User.use { user in
            let result = try await user.expectFailure(
                ["submit", "local", BadInput.misbehaving, "-", "fails"],
                says: ["Failed to create topology definition file", "'\(BadInput.misbehaving)': it exited with code 1"]
            )
            #expect(result.error.contains("ValueError: no source is configured\n"))
        }
    }

    @Test func aProgramThatHangsIsEndedAfterItsTime() async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.misbehaving, "-", "hangs", "--main-timeout", "1"],
                says: [
                    "'\(BadInput.misbehaving)' did not define its topology within 1 s", "longer with --main-timeout",
                ]
            )
        }
    }

    @Test(arguments: [
        ("silent", "ended without an error but wrote no topology definition; its main must build a topology"),
        ("foreign", "ended without an error but wrote no topology definition; its main must build a topology"),
        ("corrupt", "wrote 'corrupt.defn', which is no topology definition: it is damaged or incomplete"),
        ("oversized", "wrote 'large.defn', which is larger than a definition may be; keep what makes it larger"),
        ("renamed", "wrote 'wrong.defn', but the topology in it is named 'right'; the file must be named after the"),
    ])
    func aProgramThatDefinesNoTopologyIsNamed(fault: String, reason: String) async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.misbehaving, "-", fault],
                says: ["'\(BadInput.misbehaving)' \(reason)"]
            )
        }
    }

    @Test(arguments: [
        ("../x", "'../x': it contains '.', it contains '/'; give it another name"),
        ("a/b", "'a/b': it contains '/'; give it another name"),
        ("", "'': it is empty; give it another name"),
        (String(repeating: "x", count: 300), "it has 300 bytes, at most 200 are allowed; give it another name"),
        ("a\nb\u{1B}[31m", #"'a\nb\u{1B}[31m': it contains a control character; give it another name"#),
    ])
    func anInvalidNameIsRefused(name: String, reason: String) async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["submit", "local", BadInput.invalid, "-", "name", name],
                says: ["'\(BadInput.invalid)' defines a topology with the invalid name ", reason]
            )
        }
    }

    /// heronpy makes a file name of the topology's: some names never come as far as a definition.
    @Test(arguments: ["../x", "a/b", "", String(repeating: "x", count: 300), "a\nb"])
    func anInvalidNameIsRefusedFromHeronpyToo(name: String) async throws {
        try await User.use { user in
            try await user.expectFailure(["submit", "local", CountingTopology.file, "-", name], says: [])
        }
    }

    @Test(arguments: [
        ("unknown-input", "submitted: bolt 'sink' reads stream 'default' of 'nowhere', but there is no component"),
        (
            "idle-instances",
            "submitted: component 'sink': topology.component.parallelism is '0', expected a whole number"
        ),
        ("no-parts", "the topology has neither spouts nor bolts; it needs at least one"),
        ("idle-containers", "packed: more containers (5) than instances (2); lower topology.stmgrs"),
        ("too-large", "packed: container 1 has no RAM left"),
    ])
    func aDefinitionThatCannotRunIsRefused(fault: String, reason: String) async throws {
        try await User.use { user in
            for options in [[], ["--dry-run"]] {
                try await user.expectFailure(
                    ["submit", "local", BadInput.invalid, "-", fault] + options,
                    says: ["topology 'invalid' cannot be ", reason]
                )
            }
        }
    }

    @Test func aCycleIsAllowed() async throws {
        try await User.use { user in
            let result = try await user.inTurn(
                ["submit", "local", BadInput.invalid, "-", "cycle", "--dry-run", "--dry-run-format", "raw"]
            )
            #expect(result.status.isSuccess && result.output.contains("echo task "), "\(result)")
            try await user.expectNothingLeft()
        }
    }
}
