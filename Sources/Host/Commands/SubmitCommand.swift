import ArgumentParser
import HeronConfig
import Packing
import Submission

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submits a topology.",
        discussion: """
            Runs the topology's program to learn its definition, plans its containers, uploads its package, and has the \
            cluster's launcher start it. Arguments that are no options of heron are the topology's own.

            Examples:
              heron submit local examples/word_count.pex - WordCount
              heron submit local words.py words.WordCount
              heron submit mesos/ads/prod clicks.jar com.example.Clicks Clicks
              heron submit local clicks.jar com.example.Clicks Clicks --dry-run
            """
    )

    @Argument(help: ArgumentHelp("Where to submit.", valueName: "cluster/[role]/[env]")) var cluster: String
    @Argument(help: ArgumentHelp("A .jar, .tar, .tar.gz, .pex or .py file.", valueName: "topology-file-name")) var file:
        String
    @Argument(
        help: ArgumentHelp(
            "The class that defines the topology; '-' to run a Python file.",
            valueName: "topology-class-name"
        )
    )
    var className: String
    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The topology's arguments.", valueName: "topology-args"))
    var arguments: [String] = []

    @OptionGroup var options: ClusterOptions
    @Flag(name: .customLong("deploy-deactivated"), help: "Leave the spouts waiting for 'heron activate'.")
    var deactivated = false
    @Flag(name: .customLong("dry-run"), help: "Only plan, and print the packing plan.") var dryRun = false
    @Option(
        name: .customLong("dry-run-format"),
        help: "How to print the plan; default: colored_table on a terminal, else table."
    )
    var dryRunFormat: DryRunFormat?
    @Option(
        name: .customLong("extra-launch-classpath"),
        help: ArgumentHelp("For launchers in Java, which there are none of; refused.", valueName: "path")
    )
    var extraClasspath: String?
    @Option(
        name: .customLong("release-yaml-file"),
        help: ArgumentHelp("Release information for the package.", valueName: "file")
    )
    var releaseFile: String?
    @Option(
        name: .customLong("topology-main-jvm-property"),
        help: ArgumentHelp("A system property for a Java topology's main; may be repeated.", valueName: "name=value")
    )
    var jvmProperties: [String] = []
    @Flag(name: .customLong("verbose_gc"), help: "Log the garbage collections of the container's JVMs.")
    var verboseGC = false
    @Flag(name: .customLong("no-wait"), help: "Do not wait until the topology runs.") var noWait = false
    @Option(help: ArgumentHelp("How long to wait until the topology runs.", valueName: "seconds"))
    var timeout: Int = 300
    @Option(
        name: .customLong("main-timeout"),
        help: ArgumentHelp("How long the topology's program may take.", valueName: "seconds")
    )
    var mainTimeout: Int = 60

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout must be 1 or more seconds") }
        guard mainTimeout > 0 else { throw ValidationError("--main-timeout must be 1 or more seconds") }
        if let property = jvmProperties.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--topology-main-jvm-property must be name=value, not '\(property)'")
        }
        guard dryRunFormat == nil || dryRun else { throw ValidationError("--dry-run-format goes with --dry-run") }
    }

    func run() async throws {
        guard extraClasspath == nil else {
            throw CommandError(
                "--extra-launch-classpath is for launchers in Java; this heron's are plugins, found through HERON_PLUGIN_PATH"
            )
        }
        let command = try ClusterCommand(cluster, options)
        let request: SubmitRequest = try request(command)
        let reporter = SubmitReporter()
        let submitter = Submitter(request, log: command.log) { reporter.report($0) }
        let outcomes: [SubmitOutcome]
        do {
            outcomes = try await Interruption.cancelling { try await submitter.run() }
        } catch let error as SubmissionError {
            if !error.output.isEmpty { Console.plain(error.output) }
            throw error
        }
        try finish(outcomes)
    }

    private func request(_ command: ClusterCommand) throws -> SubmitRequest {
        var request = SubmitRequest(
            place: command.place,
            submitUser: command.environment.loginName,
            heronHome: command.installation.home,
            configDirectory: command.directory.path,
            releaseFile: releaseFile ?? command.installation.releaseFile,
            properties: command.properties + ownProperties,
            file: try TopologyFile(file),
            className: className,
            arguments: arguments
        )
        request.deactivated = deactivated
        request.dryRun = dryRun ? dryRunFormat ?? (Console.outputIsTerminal ? .coloredTable : .table) : nil
        request.verbose = command.verbose
        request.jvmProperties = jvmProperties
        request.mainLimit = .seconds(mainTimeout)
        request.runningLimit = noWait ? nil : .seconds(timeout)
        return request
    }

    /// Options that processes in the containers, too, have to know of.
    private var ownProperties: [ConfigProperty] {
        verboseGC ? [ConfigProperty(key: Config.Key<Bool>.verboseGC.name, value: .bool(true))] : []
    }

    private func finish(_ outcomes: [SubmitOutcome]) throws {
        var isPending = false
        for outcome in outcomes {
            switch outcome {
            case .planned(let plan): print(plan, terminator: "")
            case .launched: break
            case .pending(let reason):
                isPending = true
                Console.warning("the topology was submitted and is pending: \(reason); see: heron status")
            }
        }
        if isPending { throw ExitCode(ExitStatus.pending.rawValue) }
    }
}

extension DryRunFormat: ExpressibleByArgument {}
