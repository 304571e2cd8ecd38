import PackageFiles
import Processes
import Testing

@testable import Submission

/// What is told of jars before a JVM is started for them. No class in them is one.
struct JarInspectionTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private static let api = "org/apache/heron/api/HeronSubmitter.class"
    private static let oldAPI = "com/twitter/heron/api/HeronSubmitter.class"

    @Test(arguments: [[api], [oldAPI], [api, oldAPI]])
    func aClassAndAnAPIAreEnough(members: [String]) async throws {
        try await inspection([members + ["org/example/Words.class"]]).check(className: "org.example.Words")
    }

    @Test func theAPIMayBeInAJarOfItsOwn() async throws {
        try await inspection([["org/example/Words$Main.class"], [JarInspectionTests.api]])
            .check(className: "org.example.Words$Main")
    }

    @Test(arguments: [
        ("org.example.Wrods", "did you mean 'org.example.Words'?"),
        ("Words", "did you mean 'org.example.Words'?"),
        ("org/example/Words", "did you mean 'org.example.Words'?"),
        ("org/example/Words.class", "did you mean 'org.example.Words'?"),
        ("org.example.Words.Main", "did you mean 'org.example.Words$Main'?"),
        ("Other", "give the class whose main defines the topology, with its package"),
    ])
    func aMissingClassIsToldWithTheNearest(name: String, hint: String) async throws {
        let members = [JarInspectionTests.api, "org/example/Words.class", "org/example/Words$Main.class"]
        let inspection = try await inspection([members])
        let error = try #require(throws: SubmissionError.self) { try inspection.check(className: name) }
        #expect(error.message == "topology file 'words.jar' has no class '\(name)'" && error.hint == hint)
    }

    @Test func aDashIsForPythonFiles() async throws {
        let inspection = try await inspection([["org/example/Words.class"]])
        let error = try #require(throws: SubmissionError.self) { try inspection.check(className: "-") }
        #expect(error.message == "'-' runs a Python file itself, but topology file 'words.jar' is in Java")
        #expect(error.hint == "give the class whose main defines the topology, with its package")
    }

    @Test func aJarWithoutAnAPIIsRefused() async throws {
        let message = try await refusal([["org/example/Words.class"]])
        #expect(message.contains("has no Heron API: neither org.apache.heron.api nor com.twitter.heron.api"))
    }

    @Test(arguments: ["backtype/storm/topology/TopologyBuilder.class", "org/apache/storm/StormSubmitter.class"])
    func aTopologyForStormIsRefused(member: String) async throws {
        let message = try await refusal([["org/example/Words.class", member]])
        #expect(message.contains("is built for Apache Storm, not for Heron"))
    }

    /// Heron's own library for Storm's topologies has Storm's names in it.
    @Test func stormsNamesBesideHeronsAPIAreFine() async throws {
        let members = ["org/example/Words.class", "org/apache/storm/StormSubmitter.class", JarInspectionTests.api]
        try await inspection([members]).check(className: "org.example.Words")
    }

    @Test func twoCopiesOfAnAPIAreRefused() async throws {
        let message = try await refusal([
            ["org/example/Words.class", JarInspectionTests.api], [JarInspectionTests.api],
        ])
        #expect(message.contains("has Heron's API (org.apache.heron.api) twice: in '0.jar' and '1.jar'; leave one out"))
    }

    /// Beside the jar that is named after an archive, where the program sees them, but no instance does.
    @Test(arguments: [
        ([api], ["org/example/Words.class"], "class 'org.example.Words' is in '1.jar' at the top of topology file"),
        (["org/example/Words.class"], [api], "Heron's API (org.apache.heron.api) is in '1.jar' at the top of topology"),
    ])
    func whatContainersDoNotSeeIsRefused(seen: [String], hidden: [String], reason: String) async throws {
        let message = try await refusal([seen], hidden: [hidden])
        #expect(message.contains(reason), "\(message)")
        #expect(message.hasSuffix("where containers do not look; \(JavaClassPath.layout)"), "\(message)")
    }

    @Test func otherJarsThatContainersDoNotSeeAreFine() async throws {
        try await inspection(
            [["org/example/Words.class", JarInspectionTests.api]],
            hidden: [["org/example/Tool.class"]]
        )
        .check(className: "org.example.Words")
    }

    /// As for a core package whose instances bring the API.
    @Test func theDistributionMayProvideTheAPI() async throws {
        try await inspection([["org/example/Words.class"]], provided: [[JarInspectionTests.api]])
            .check(className: "org.example.Words")
        try await inspection(
            [["org/example/Words.class", JarInspectionTests.api]],
            provided: [[JarInspectionTests.api]]
        )
        .check(className: "org.example.Words")
    }

    private func refusal(_ jars: [[String]], hidden: [[String]] = []) async throws -> String {
        let inspection = try await inspection(jars, hidden: hidden)
        return try #require(throws: SubmissionError.self) { try inspection.check(className: "org.example.Words") }
            .description
    }

    /// Of jars with these members, whose names are numbers, from 0 on in this order.
    private func inspection(
        _ jars: [[String]],
        hidden: [[String]] = [],
        provided: [[String]] = []
    ) async throws -> JarInspection {
        var files: [JarFile] = []
        for members in jars + hidden + provided {
            files.append(try JarFile(path: await folder.jar("\(files.count).jar", members)))
        }
        let others: ArraySlice<JarFile> = files.dropFirst(jars.count)
        return JarInspection(
            file: "words.jar",
            classPath: JavaClassPath(
                text: "",
                jars: Array(files.prefix(jars.count)),
                hidden: Array(others.prefix(hidden.count)),
                provided: Array(others.dropFirst(hidden.count))
            )
        )
    }
}

extension Folder {
    /// Writes a jar with members of these names; returns its path.
    func jar(_ name: String, _ members: [String]) async throws -> String {
        let quoted = members.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            mkdir parts && cd parts && for name in \(quoted); do mkdir -p "${name%/*}" && echo x >"$name"; done &&
            zip -qr ../\(name) . && rm -rf ../parts
            """
        let finished = try await ChildProcess.runToCompletion(
            executable: "sh",
            arguments: ["-ec", script],
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: path,
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
        return "\(path)/\(name)"
    }
}
