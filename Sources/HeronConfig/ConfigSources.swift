import HeronYAML

/// What the command line says about every command.
public struct CommandKeys: Sendable {
    public var place: ClusterRoleEnviron
    /// The login name of whoever gave the command; nil on the cluster, where nobody knows any more.
    public var submitUser: String?
    public var isDryRun: Bool
    public var isVerbose: Bool

    public init(
        place: ClusterRoleEnviron,
        submitUser: String? = nil,
        isDryRun: Bool = false,
        isVerbose: Bool = false
    ) {
        self.place = place
        self.submitUser = submitUser
        self.isDryRun = isDryRun
        self.isVerbose = isVerbose
    }

    var values: [(String, YAMLValue)] {
        let texts: [(Config.Key<String>, String?)] = [
            (.cluster, place.cluster), (.role, place.role), (.environ, place.environ), (.submitUser, submitUser),
        ]
        // An option that was not given leaves the yaml files' word.
        let flags: [(Config.Key<Bool>, Bool)] = [(.dryRun, isDryRun), (.verbose, isVerbose)]
        return texts.compactMap { key, text in text.map { (key.name, .string($0)) } }
            + flags.filter(\.1).map { ($0.0.name, .bool(true)) }
    }
}

/// The keys that a topology itself gives to the configuration.
public struct TopologyKeys: Sendable {
    public var id: String
    public var name: String
    /// The name of the topology's file in its package, without a folder.
    public var binaryFile: String
    public var packageType: PackageType
    /// The path of the `.defn` file; nil if there is none on this machine.
    public var definitionFile: String?
    /// The path of the package to upload; nil if there is none on this machine.
    public var packageFile: String?

    /// Keys of a topology whose type its file's name tells. Throws ``ConfigError`` `unknownPackageType`.
    public init(
        id: String,
        name: String,
        binaryFile: String,
        definitionFile: String? = nil,
        packageFile: String? = nil
    ) throws {
        self.id = id
        self.name = name
        self.binaryFile = binaryFile
        self.packageType = try PackageType(topologyFile: binaryFile)
        self.definitionFile = definitionFile
        self.packageFile = packageFile
    }

    var values: [(String, YAMLValue)] {
        let texts: [(Config.Key<String>, String?)] = [
            (.topologyID, id), (.topologyName, name), (.topologyBinaryFile, binaryFile),
            (.topologyPackageType, packageType.rawValue), (.topologyDefinitionFile, definitionFile),
            (.topologyPackageFile, packageFile),
        ]
        return texts.compactMap { key, text in text.map { (key.name, .string($0)) } }
    }
}

/// What the configuration of a command on the submitting machine is made of.
public struct ClientSource: Sendable {
    /// Heron's home directory.
    public var home: String
    /// The cluster's configuration directory, as ``ClusterDirectory/path``.
    public var directory: String
    /// The file with `heron.build.*`; it may be missing.
    public var releaseFile: String
    /// The `--config-property`s, in order; of one key's the last wins.
    public var properties: [ConfigProperty]
    /// Nil where no topology's place is concerned (`heron config <cluster> show`).
    public var command: CommandKeys?
    public var topology: TopologyKeys?

    /// `releaseFile` is by default `<home>/release.yaml`.
    public init(
        home: String,
        directory: String,
        releaseFile: String? = nil,
        properties: [ConfigProperty] = [],
        command: CommandKeys? = nil,
        topology: TopologyKeys? = nil
    ) {
        self.home = home
        self.directory = directory
        self.releaseFile = releaseFile ?? "\(home)/release.yaml"
        self.properties = properties
        self.command = command
        self.topology = topology
    }
}

/// What the configuration of a process in a topology's working directory is made of.
public struct ClusterSource: Sendable {
    /// The folder with `heron-conf` and `heron-core`.
    public var workingDirectory: String
    /// Properties of the process's own command line, which override `override.yaml`.
    public var properties: [ConfigProperty]
    public var command: CommandKeys
    public var topology: TopologyKeys?

    public init(
        workingDirectory: String = ".",
        properties: [ConfigProperty] = [],
        command: CommandKeys,
        topology: TopologyKeys? = nil
    ) {
        self.workingDirectory = workingDirectory
        self.properties = properties
        self.command = command
        self.topology = topology
    }
}
