import Processes
import Testing

/// The scheduler and launcher in C of the fixtures, compiled against the headers of the distribution.
enum CPlugin {
    /// What makes a cluster use it.
    static let options: [String] = [
        "--config-property", "heron.class.scheduler=com.example.CLocalScheduler",
        "--config-property", "heron.class.launcher=com.example.CLocalLauncher",
    ]

    /// Something that a function of the plugin does as soon as it is called.
    struct Fault: Sendable {
        /// In the source.
        let function: String
        let statement: String

        static func crash(_ function: String) -> Fault { Fault(function: function, statement: "raise(SIGSEGV)") }
        static func hang(_ function: String) -> Fault { Fault(function: function, statement: "pause()") }
    }

    /// Compiles the plugin into a user's own folder of plugins.
    ///
    /// - Parameters:
    ///   - isRemote: whether its manifest says that its containers run on other machines.
    ///   - needsDirectory: whether its scheduler fails without a working directory.
    ///   - abi: the released version of the ABI (a folder of Tests/ABI) to compile against; nil for the distribution's.
    ///   - fault: what one of its functions does instead of its work.
    static func install(
        _ user: User,
        isRemote: Bool = false,
        needsDirectory: Bool = true,
        abi: String? = nil,
        fault: Fault? = nil
    ) async throws {
        let sources = Installation.folder + "/../Fixtures/Plugins"
        let folder = user.home + "/.heron/plugins/c-local"
        let source = folder + "/c_local.c"
        try await run("mkdir", "-p", "-m", "755", folder)
        try await run("mkdir", "-p", user.home + "/.herondata/topologies/local/" + Login.name)
        try await run("cp", sources + "/c_local.yaml", folder + "/plugin.yaml")
        try await run("cp", sources + "/c_local.c", source)
        if isRemote { try await run("sed", "-i", "1i containers: remote", folder + "/plugin.yaml") }
        if let abi { try await run("sed", "-i", "s/^abi: .*/abi: \"\(abi)\"/", folder + "/plugin.yaml") }
        if let fault {
            try await run("sed", "-i", "/^static heron_status \(fault.function)(/a\\    \(fault.statement);", source)
            try await run("grep", "-q", "^    \(fault.statement);", source)
        }
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
            abi.map { Installation.folder + "/../ABI/\($0)" } ?? (try #require(Installation.home) + "/include"),
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
