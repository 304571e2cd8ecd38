import ArgumentParser
import ExecutorCore
import Glibc
import HeronLogging
import HeronState
import Logging
import Processes
import RuntimeConfig
import StateLogging

/// The executable `heron-executor`, with the options of Heron's; the working directory is the container's.
@main
struct HeronExecutor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-executor",
        abstract: "Runs the processes of one container of a topology, and starts them again when they end."
    )

    @OptionGroup var options: ExecutorOptions

    static func main() async {
        let options: ExecutorOptions
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            options = try parse(ExecutorOptions.separatingEmptyValues(arguments)).options
        } catch {
            let isUsage = exitCode(for: error) != .success
            write(fullMessage(for: error), to: isUsage ? STDERR_FILENO : STDOUT_FILENO)
            Glibc.exit(isUsage ? 2 : 0)
        }
        do {
            let end = try await run(options)
            switch end {
            case .failed(let reason), .superseded(let reason): complain(reason)
            case .signal, .topologyGone: break
            }
            Glibc.exit(end.exitCode)
        } catch {
            complain("\(error)")
            Glibc.exit(1)
        }
    }

    private static func run(_ options: ExecutorOptions) async throws -> Executor.End {
        let signals = try Signals.stream(SIGTERM, SIGINT)
        let sandbox = try Sandbox.current()
        let logging = try RuntimeConfig(
            internalsFile: options.heronInternalsConfigFile,
            overrideFile: options.overrideConfigFile
        ).logging
        try sandbox.prepare(options, logDirectory: logging.directory)
        let file = try RotatingLog(
            path: sandbox.path("heron-executor-\(options.shard).stdout"),
            maximumSize: logging.maximumSize,
            maximumFiles: logging.maximumFiles
        )
        try HeronLogging.bootstrap(level: .info, destination: .descriptor(file.descriptor))
        let log = Logger(label: "heron-executor")
        do {
            let state = try await openState(options, sandbox, log)
            let executor = try Executor(
                options,
                sandbox,
                logDirectory: logging.directory,
                state: state,
                log: log,
                logWritten: file.rotateIfFull
            )
            let end = await executor.run(until: signals)
            await state.close()
            return end
        } catch {
            log.critical("\(error)")
            throw error
        }
    }

    private static func openState(
        _ options: ExecutorOptions,
        _ sandbox: Sandbox,
        _ log: Logger
    ) async throws -> any StateManager {
        let keys = try RuntimeConfig.stateSettings(
            configFile: options.stateManagerConfigFile,
            overrideFile: options.overrideConfigFile,
            connection: options.stateManagerConnection,
            tokens: .current(cluster: options.cluster)
        )
        var settings = try StateSettings(keys: keys)
        settings.zooKeeper.credentialsSources = [.workingDirectory(sandbox.directory)]
        return try await openStateManager(settings, log: log)
    }

    /// What the scheduler sees: its log of the executor's standard error.
    private static func complain(_ reason: String) {
        write("heron-executor: \(reason)", to: STDERR_FILENO)
    }

    private static func write(_ line: String, to descriptor: Int32) {
        let text = line + "\n"
        _ = Glibc.write(descriptor, text, text.utf8.count)
    }
}
