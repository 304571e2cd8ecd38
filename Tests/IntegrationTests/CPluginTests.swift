import Glibc
import Processes
import Testing

extension TopologyTests {
    /// A scheduler and a launcher in C, compiled against the headers of the distribution, run a topology.
    @Test func aPluginWrittenInCRunsATopology() async throws {
        try await User.use { user in
            try await install(user)
            let explained = try await user.heron("plugin", "list", "--explain")
            #expect(explained.output.contains("c-local/plugin.yaml: taken"), "\(explained)")
            let classes = ["scheduler": "com.example.CLocalScheduler", "launcher": "com.example.CLocalLauncher"]
            let options: [String] = classes.flatMap { ["--config-property", "heron.class.\($0.key)=\($0.value)"] }
            let topology = try await CountingTopology.submit(user, bolts: 2, options: options)
            try await topology.expectFlow("under the scheduler written in C")
            let result = try await user.heron("kill", "local", topology.name)
            #expect(result.status.isSuccess, "\(result)")
            try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
            #expect(try await topology.nodes() == [])
        }
    }

    private func install(_ user: User) async throws {
        let sources = Installation.folder + "/../Fixtures/Plugins"
        let folder = user.home + "/.heron/plugins/c-local"
        try await run("mkdir", "-p", "-m", "755", folder)
        try await run("mkdir", "-p", user.home + "/.herondata/topologies/local/" + Login.name)
        try await run("cp", sources + "/c_local.yaml", folder + "/plugin.yaml")
        try await run(
            "cc",
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-shared",
            "-fPIC",
            "-fvisibility=hidden",
            "-I",
            try #require(Installation.home) + "/include",
            "-o",
            folder + "/libc-local.so",
            sources + "/c_local.c"
        )
        try await run("chmod", "-R", "go-w", user.home + "/.heron")
    }

    private func run(_ command: String...) async throws {
        let finished = try await ChildProcess.runToCompletion(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(command): \(String(decoding: finished.error, as: UTF8.self))")
    }
}
