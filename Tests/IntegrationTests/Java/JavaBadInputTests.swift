import Testing

/// Java topologies that cannot be submitted: each is told in a line, and leaves nothing behind.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct JavaBadInputTests {
    /// What a program does, what is said, and what of its output is shown.
    private static let programs: [(arguments: [String], says: [String], shows: String)] = [
        (
            ["throw"], ["executing class 'Broken'", "it exited with code 1"],
            "java.lang.IllegalStateException: no words"
        ),
        (["exit", "0"], ["ended without an error but wrote no topology definition"], ""),
        (["exit", "5"], ["it exited with code 5"], ""),
        (["hang"], ["did not define its topology within 3 s and was stopped", "--main-timeout"], ""),
        (["missing"], ["put what is missing into the jar"], "NoClassDefFoundError: Broken$Missing"),
        (["unserializable"], ["it exited with code 1"], "java.lang.Thread"),
        (["small"], ["component 'words' has 100 MB of RAM", "topology.component.rammap"], ""),
    ]

    @Test func programsThatDefineNothingThatRunsAreTold() async throws {
        try await User.use { user in
            let source = Installation.folder + "/BrokenTopologies/Broken.java"
            let api = try #require(Installation.home) + "/lib/api/heron-api.jar"
            try await user.shell(
                """
                javac -nowarn -d classes -cp \(api) \(source) && rm 'classes/Broken$Missing.class'
                cp \(api) broken.jar && chmod u+w broken.jar && jar --update --file broken.jar -C classes .
                """
            )
            for program in JavaBadInputTests.programs {
                let result = try await user.expectFailure(
                    ["submit", "local", user.home + "/broken.jar", "Broken"] + program.arguments
                        + ["--main-timeout", "3"],
                    says: program.says
                )
                #expect(result.error.contains(program.shows), "\(result)")
            }
        }
    }

    @Test func aMachineWithoutJavaIsToldWhatToInstall() async throws {
        try await User.use { user in
            let examples: String = try JavaTopology.examples()
            for (environment, text) in [
                (
                    ["PATH": user.home, "JAVA_HOME": "", "JAVA_BIN": ""],
                    "install default-jre-headless, or set JAVA_HOME"
                ),
                (["JAVA_HOME": "/nowhere", "JAVA_BIN": ""], "JAVA_HOME is '/nowhere', but there is no Java at"),
            ] {
                try await user.expectFailure(
                    ["submit", "local", examples, "org.apache.heron.examples.api.WordCountTopology", "Words"],
                    says: [text],
                    environment: environment
                )
            }
        }
    }

    @Test func jarsThatCannotRunAreTold() async throws {
        try await User.use { user in
            try await user.shell(
                """
                mkdir -p a/org/apache/storm b/com/example && echo x >a/org/apache/storm/StormSubmitter.class
                echo x >a/Words.class && echo x >b/com/example/Words.class && echo text >words.jar
                (cd a && zip -qr ../storm.jar .) && (cd b && zip -qr ../plain.jar .) && tar -cf empty.tar words.jar
                """
            )
            for (file, className, text) in [
                ("storm.jar", "Words", "is built for Apache Storm, not for Heron"),
                ("plain.jar", "com.example.Words", "has no Heron API"),
                (
                    "plain.jar", "com.example.Wrods",
                    "has no class 'com.example.Wrods'; did you mean 'com.example.Words'?"
                ),
                ("words.jar", "Words", "it is not a zip archive, as a jar must be"),
                ("empty.tar", "Words", "neither 'empty.jar' at its top nor any in libs/"),
            ] {
                try await user.expectFailure(["submit", "local", user.home + "/" + file, className], says: [text])
            }
        }
    }
}
