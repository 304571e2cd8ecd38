import ArgumentParser
import Glibc
import HeronLogging
import Logging
import NIOPosix
import Processes
import RuntimeHTTP
import RuntimeProcess
import ShellCore

/// The executable `heron-shell`, with the options of Heron's; the working directory is the container's.
@main
struct HeronShell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-shell",
        abstract: "Shows one container's files and processes over HTTP, and stops them on request."
    )

    @Option(help: "The port to listen on.")
    var port = 9999

    @Option(help: "What a caller must know to stop a process: the topology id. Without it nobody can.")
    var secret = ""

    @Option(name: .customLong("log_file_prefix"), help: "The log file; standard error if it is missing.")
    var logFile: String?

    static func main() async {
        await main(givenArguments())
    }

    func validate() throws {
        try checkPorts(["port": port])
    }

    func run() async throws {
        try HeronLogging.bootstrap(level: .info, destination: logFile.map { .file($0) } ?? .standardError)
        let log = Logger(label: "heron-shell")
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let shell = try Shell(
            ShellSettings(
                port: port,
                secret: secret,
                directory: ".",
                executor: getppid(),
                environment: Self.toolEnvironment()
            ),
            log: log
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var settings = HTTPServerSettings(host: "0.0.0.0", port: port)
        settings.onAcceptFailure = { log.error("\($0)") }
        let server = try await HTTPServer.start(settings, group: group, handler: shell.handle)
        log.notice("listening on port \(server.port)")
        for await signal in signals {
            log.notice("stopping: \(signalName(signal))")
            break
        }
        await server.stop()
        try await group.shutdownGracefully()
    }

    /// What `jstack` and the like need; a JVM's own tools come before those on the path.
    private static func toolEnvironment() -> [String: String] {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        var environment: [String: String] = [:]
        for name in ["HOME", "USER", "LANG", "JAVA_HOME"] { environment[name] = variable(name) }
        let path = variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        environment["PATH"] = variable("JAVA_HOME").map { "\($0)/bin:\(path)" } ?? path
        return environment
    }
}
