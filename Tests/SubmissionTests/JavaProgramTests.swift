import Glibc
import HeronModel
import Processes
import Testing

@testable import Submission

/// How a Java topology's program is found and started. A shell script stands in for the JVM.
struct JavaProgramTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private static let members = ["org/example/Words.class", "org/apache/heron/api/HeronSubmitter.class"]

    @Test func aJarIsStartedAsHeronStartsIt() async throws {
        let file = try TopologyFile(await folder.jar("words.jar", JavaProgramTests.members))
        var options = HeronOptions()
        try options.add("cmdline.topology.role", "my role")
        let program = try TopologyProgram.java(
            file,
            className: "org.example.Words",
            arguments: ["Words", "2"],
            options: options,
            properties: ["a=b c"],
            classPath: .jar(file, thirdParty: "/heron/lib/third_party"),
            runtime: .find(in: [:]),
            scratch: "/scratch"
        )
        #expect(
            program.command == [
                "java", "-client", "-Xmx1g", "-Djava.io.tmpdir=/scratch",
                "-Dheron.options=cmdline.topology.role=my%%%%role", "-Da=b c", "-cp",
                "\(file.path):/heron/lib/third_party/*", "org.example.Words", "Words", "2",
            ]
        )
    }

    @Test(arguments: ["tar", "tar.gz"])
    func anArchiveIsExtractedAndItsOwnJarComesFirst(ending: String) async throws {
        _ = try await folder.jar("words.jar", JavaProgramTests.members)
        try await shell("mkdir libs && cp words.jar libs/other.jar && tar -caf words.\(ending) words.jar libs")
        let file = try TopologyFile("\(folder.path)/words.\(ending)")
        let target = "\(folder.path)/extracted"
        let classPath = try JavaClassPath.tar(file, extractedTo: target, thirdParty: "/third")
        #expect(classPath.text == "\(target)/words.jar:\(target)/*:\(target)/libs/*:/third/*")
        #expect(classPath.jars.map(\.path) == ["\(target)/words.jar", "\(target)/libs/other.jar"])
    }

    @Test func aBrokenJarWhereContainersDoNotLookDoesNoHarm() async throws {
        _ = try await folder.jar("words.jar", JavaProgramTests.members)
        try folder.write("other.jar", "no archive")
        try await shell("tar -cf words.tar words.jar other.jar")
        let file = try TopologyFile("\(folder.path)/words.tar")
        let classPath = try JavaClassPath.tar(file, extractedTo: "\(folder.path)/extracted", thirdParty: "/third")
        #expect(classPath.jars.count == 1 && classPath.hidden.isEmpty && classPath.provided.isEmpty)
    }

    @Test func anArchiveWithoutJarsIsRefused() async throws {
        try await shell("echo text >readme && tar -cf words.tar readme")
        let file = try TopologyFile("\(folder.path)/words.tar")
        let target = "\(folder.path)/extracted"
        let error = try #require(throws: SubmissionError.self) {
            try JavaClassPath.tar(file, extractedTo: target, thirdParty: "/third")
        }
        #expect(error.message.contains("neither 'words.jar' at its top nor any in libs/"))
    }

    @Test func aColonInThePathIsRefused() async throws {
        try await shell("mkdir a:b")
        let path: String = try await folder.jar("words.jar", JavaProgramTests.members)
        #expect(rename(path, "\(folder.path)/a:b/words.jar") == 0)
        let file = try TopologyFile("\(folder.path)/a:b/words.jar")
        let error = try #require(throws: SubmissionError.self) { try JavaClassPath.jar(file, thirdParty: "/third") }
        #expect(error.message.contains("it contains a colon"))
    }

    @Test(arguments: [
        ("Error: LinkageError occurred: java.lang.UnsupportedClassVersionError: org/example/Words", "newer Java"),
        ("Error: Main method not found in class org.example.Words", "public static void main"),
        ("java.lang.OutOfMemoryError: Java heap space", "heap of 1 GB"),
        ("java.lang.NoClassDefFoundError: org/example/Other", "into the jar"),
    ])
    func theUsualComplaintsAreExplained(output: String, advice: String) async throws {
        let error: SubmissionError = try await failure("echo '\(output)' >&2; exit 1")
        #expect(error.output == output)
        #expect(try #require(error.hint).contains(advice))
    }

    @Test func anOrdinaryFailureIsToldWithItsOutputAlone() async throws {
        let error: SubmissionError = try await failure("echo 'no words' >&2; exit 3")
        #expect(error.message.hasSuffix("it exited with code 3") && error.hint == nil && error.output == "no words")
    }

    @Test func javaIsFoundAsHeronFindsIt() async throws {
        try await shell("mkdir -p home/bin && touch home/bin/java other && chmod +x home/bin/java other")
        let home = "\(folder.path)/home"
        #expect(try JavaRuntime.find(in: [:]).executable == "java")
        #expect(try JavaRuntime.find(in: ["JAVA_HOME": home]).executable == "\(home)/bin/java")
        let both = ["JAVA_HOME": home, "JAVA_BIN": "\(folder.path)/other"]
        #expect(try JavaRuntime.find(in: both).executable == "\(folder.path)/other")
        #expect(try JavaRuntime.find(in: ["JAVA_HOME": ""]).executable == "java")
    }

    @Test(arguments: ["JAVA_HOME", "JAVA_BIN"])
    func aVariableThatNamesNoJavaIsTold(variable: String) throws {
        let error = try #require(throws: SubmissionError.self) { try JavaRuntime.find(in: [variable: "/nowhere"]) }
        #expect(error.message.hasPrefix("\(variable) is '/nowhere', but there is no Java at '/nowhere"))
    }

    @Test(arguments: [(223, true), (224, false)])
    func tooLittleMemoryForAHeapIsRefused(megabytes: Int64, isRefused: Bool) throws {
        var instance = InstancePlan()
        instance.componentName = "words"
        instance.resource.ram = megabytes << 20
        var container = ContainerPlan()
        container.instancePlans = [instance]
        var plan = PackingPlan()
        plan.containerPlans = [container]
        let error: (any Error)?
        do {
            try JavaHeap.check(plan)
            error = nil
        } catch let thrown {
            error = thrown
        }
        #expect((error != nil) == isRefused)
        if let error { #expect("\(error)".contains("component 'words' has 223 MB of RAM")) }
    }

    private func failure(_ script: String) async throws -> SubmissionError {
        let file = try TopologyFile(await folder.jar("words.jar", JavaProgramTests.members))
        let java: String = try folder.write("java", "#!/bin/sh\n\(script)\n")
        #expect(chmod(java, 0o755) == 0)
        let program = try TopologyProgram.java(
            file,
            className: "org.example.Words",
            arguments: [],
            options: HeronOptions(),
            properties: [],
            classPath: .jar(file, thirdParty: "/third"),
            runtime: .find(in: ["JAVA_BIN": java]),
            scratch: folder.path
        )
        let path: String = folder.path
        return try await #require(throws: SubmissionError.self) {
            try await program.run(options: HeronOptions(), scratch: path, timeLimit: .seconds(60))
        }
    }

    private func shell(_ script: String) async throws {
        let finished = try await ChildProcess.runToCompletion(
            executable: "sh",
            arguments: ["-ec", script],
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: folder.path,
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
    }
}
