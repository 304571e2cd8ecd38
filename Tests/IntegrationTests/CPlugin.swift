import Processes
import Testing

/// The scheduler and launcher in C of the fixtures, compiled against the headers of the distribution.
enum CPlugin {
    /// What makes a cluster use it.
    static let options: [String] = [
        "--config-property", "heron.class.scheduler=com.example.CLocalScheduler",
        "--config-property", "heron.class.launcher=com.example.CLocalLauncher",
    ]

    /// Compiles the plugin into a user's own folder of plugins.
    ///
    /// - Parameters:
    ///   - isRemote: whether its manifest says that its containers run on other machines.
    ///   - needsDirectory: whether its scheduler fails without a working directory.
    static func install(_ user: User, isRemote: Bool = false, needsDirectory: Bool = true) async throws {
        let sources = Installation.folder + "/../Fixtures/Plugins"
        let folder = user.home + "/.heron/plugins/c-local"
        let source = folder + "/c_local.c"
        try await run("mkdir", "-p", "-m", "755", folder)
        try await run("mkdir", "-p", user.home + "/.herondata/topologies/local/" + Login.name)
        try await run("cp", sources + "/c_local.yaml", folder + "/plugin.yaml")
        try await run("cp", sources + "/c_local.c", source)
        if isRemote { try await run("sed", "-i", "1i containers: remote", folder + "/plugin.yaml") }
        if !needsDirectory {
            let line = "    return \\(self->host->fact(self->host, HERON_FACT_WORKING_DIRECTORY,.*\\)"
            try await run("sed", "-i", "s/^\(line)$/    \\1 return HERON_OK;/", source)
            try await run("grep", "-q", "HERON_FACT_WORKING_DIRECTORY.* return HERON_OK;", source)
        }
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
            source
        )
        try await run("chmod", "-R", "go-w", user.home + "/.heron")
    }

    private static func run(_ command: String...) async throws {
        let finished = try await ChildProcess.runToCompletion(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(command): \(String(decoding: finished.error, as: UTF8.self))")
    }
}
