import HeronConfig
import Packing

/// What a user wants to submit, and how.
public struct SubmitRequest: Sendable {
    public var place: ClusterRoleEnviron
    /// The login name of whoever submits.
    public var submitUser: String
    /// The distribution, an absolute path.
    public var heronHome: String
    /// The cluster's configuration directory.
    public var configDirectory: String
    /// The release file that goes into the package.
    public var releaseFile: String
    public var properties: [ConfigProperty]
    public var file: TopologyFile
    /// The class that defines the topology, or `-` to run a Python file itself; for a C++ library the program to run.
    public var className: String
    /// The topology's own arguments.
    public var arguments: [String]
    /// System properties for the JVM of a Java topology's program, as `name=value`.
    public var jvmProperties: [String] = []
    /// Whether the spouts wait for an activation.
    public var deactivated = false
    /// Only packs, and shows the plan in this format.
    public var dryRun: DryRunFormat?
    public var verbose = false
    /// How long the topology's program may take.
    public var mainLimit = Duration.seconds(60)
    /// How long to wait until the topology runs; nil not to wait at all.
    public var runningLimit: Duration? = .seconds(300)

    public init(
        place: ClusterRoleEnviron,
        submitUser: String,
        heronHome: String,
        configDirectory: String,
        releaseFile: String,
        properties: [ConfigProperty],
        file: TopologyFile,
        className: String,
        arguments: [String]
    ) {
        self.place = place
        self.submitUser = submitUser
        self.heronHome = heronHome
        self.configDirectory = configDirectory
        self.releaseFile = releaseFile
        self.properties = properties
        self.file = file
        self.className = className
        self.arguments = arguments
    }
}

/// How a submission ended; failures are thrown.
public enum SubmitOutcome: Sendable, Hashable {
    /// Only planned; the rendered plan.
    case planned(String)
    /// The topology runs, or was not waited for.
    case launched
    /// The topology was launched but did not come up in time; why, as far as can be told.
    case pending(String)
}
