/// What a plugin is told about the topology it serves and the place where it runs; fixed for an instance's life.
///
/// An empty string means: not known here. The names under which plugins ask are in `heron/facts.h`.
public struct RuntimeFacts: Sendable {
    public var topologyName: String
    public var topologyID: String
    public var cluster: String
    public var role: String
    public var environ: String
    /// The login name of whoever submitted the topology.
    public var submitUser: String
    /// Where the uploader put the package of the topology and its configuration.
    public var topologyPackageURI: String
    /// The name of the topology's file inside the package.
    public var topologyFile: String
    /// The name of the definition (`.defn`) inside the package.
    public var definitionFile: String
    /// Where the core package is to be fetched from; empty if `corePackageDirectory` is to be used.
    public var corePackageURI: String
    /// The unpacked core package on this machine; empty if `corePackageURI` is to be used.
    public var corePackageDirectory: String
    /// The directory in which the containers run, once the launcher has chosen it: known to schedulers.
    public var workingDirectory: String
    /// The distribution that this process belongs to.
    public var heronHome: String
    /// True if a scheduler takes over a topology that has been scheduled before: what runs is to be adopted.
    public var resumed: Bool

    public init(
        topologyName: String,
        topologyID: String,
        cluster: String,
        role: String,
        environ: String,
        submitUser: String,
        topologyPackageURI: String = "",
        topologyFile: String = "",
        definitionFile: String = "",
        corePackageURI: String = "",
        corePackageDirectory: String = "",
        workingDirectory: String = "",
        heronHome: String = "",
        resumed: Bool = false
    ) {
        self.topologyName = topologyName
        self.topologyID = topologyID
        self.cluster = cluster
        self.role = role
        self.environ = environ
        self.submitUser = submitUser
        self.topologyPackageURI = topologyPackageURI
        self.topologyFile = topologyFile
        self.definitionFile = definitionFile
        self.corePackageURI = corePackageURI
        self.corePackageDirectory = corePackageDirectory
        self.workingDirectory = workingDirectory
        self.heronHome = heronHome
        self.resumed = resumed
    }
}
