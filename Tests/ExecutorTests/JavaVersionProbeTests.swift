import Testing

@testable import ExecutorCore

/// Finding out Java's version; shell scripts stand in for it.
struct JavaVersionProbeTests {
    @Test func theCorePackagesClassIsAsked() async throws {
        let script = """
            [ "$*" = "-cp ./lib/instance/* org.apache.heron.instance.util.JvmVersion" ] && pwd >seen
            echo 'Picked up JAVA_TOOL_OPTIONS: -Da=1' >&2; echo 17.0.15
            """
        let folder = try TemporaryFolder()
        #expect(try await version(script, in: folder) == 17)
        #expect(folder.read("seen") == "\(folder.path)\n")
    }

    @Test(arguments: [
        (
            "echo 'java.lang.UnsupportedClassVersionError: org/apache/heron/instance/util/JvmVersion' >&2; exit 1",
            "is too old for the instances of the core package: set heron.directory.sandbox.java.home"
        ),
        (
            "echo 'Error: Could not find or load main class org.apache.heron.instance.util.JvmVersion' >&2; exit 1",
            "the core package has no instance for Java in ./lib/instance/*: set heron.package.core.uri"
        ),
        ("echo no words; exit 3", "it exited with code 3 and printed 'no words'"),
        ("echo none", "it exited with code 0 and printed 'none'"),
    ])
    func whyItCannotBeFoundOutIsTold(script: String, reason: String) async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: ExecutorError.self) { try await version(script, in: folder) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    private func version(_ script: String, in folder: TemporaryFolder) async throws -> Int {
        try folder.write("java/bin/java", "#!/bin/sh\n\(script)\n", mode: 0o755)
        let environment = ["PATH": "/usr/bin:/bin"]
        return try await Sandbox(directory: folder.path)
            .javaVersion("\(folder.path)/java", "./lib/instance/*", environment: environment)
    }
}
