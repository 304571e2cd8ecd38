import HeronYAML

/// Merges the layers of Heron's configuration.
///
/// Missing and empty yaml files count as empty; a malformed one is a ``YAMLError``, a known key's value of the wrong type
/// a ``ConfigError``, an unknown key a warning in ``ConfigLayers/warnings``.
public struct ConfigLoader: Sendable {
    private let environment: UserEnvironment
    private let keys: KnownKeys

    /// A loader that knows Heron's keys and those that plugins declare, with their defaults.
    public init(environment: UserEnvironment, knownKeys: [KnownKey] = []) {
        self.environment = environment
        keys = KnownKeys(adding: knownKeys)
    }

    /// The configuration of a command on the submitting machine.
    ///
    /// Later wins: defaults; `cluster`, `client`, `healthmgr`, `packing`, `scheduler`, `statemgr`, `uploader`,
    /// `downloader`, `stateful`; the release file; the override properties; the command line; the topology.
    public func client(_ source: ClientSource) throws -> ConfigLayers {
        var merge = LayerMerge(keys: keys, environment: environment, workingDirectory: nil)
        merge.begin(home: source.home, conf: source.directory, overrides: source.properties)
        try merge.add(files: [
            .cluster, .client, .healthManager, .packing, .scheduler, .stateManager, .uploader, .downloader, .stateful,
        ])
        try merge.add(made: source.releaseFile)
        try merge.checkRuntimeFiles()
        merge.add(properties: source.properties)
        return try finish(merge, source.command, source.topology)
    }

    /// The configuration of a process on the cluster, as Heron's scheduler process makes it.
    ///
    /// Home is `./heron-core`, the files are those of `./heron-conf`. Later wins: defaults; `packing`, `healthmgr`,
    /// `scheduler`, `statemgr`, `uploader`, `downloader`, `stateful`; `override.yaml`; what the scheduler alone was given
    /// (``ConfigSecrets/giveToScheduler(in:)``); the command line; the topology. `cluster.yaml` and `client.yaml` are not
    /// read here. To be used through ``ConfigLayers/cluster()``.
    public func cluster(_ source: ClusterSource) throws -> ConfigLayers {
        var merge = LayerMerge(keys: keys, environment: environment, workingDirectory: source.workingDirectory)
        merge.begin(home: "./heron-core", conf: "./heron-conf", overrides: [])
        try merge.add(files: [
            .packing, .healthManager, .scheduler, .stateManager, .uploader, .downloader, .stateful, .override,
        ])
        try merge.add(made: "./\(ConfigSecrets.schedulerFile)")
        merge.add(properties: source.properties)
        return try finish(merge, source.command, source.topology)
    }

    private func finish(_ merge: LayerMerge, _ command: CommandKeys?, _ topology: TopologyKeys?) throws -> ConfigLayers
    {
        var merge: LayerMerge = merge
        merge.add(command?.values ?? [], .commandLine)
        merge.add(topology?.values ?? [], .topology)
        return try merge.layers()
    }
}

/// The yaml files that are merged, by the key that can redirect each.
enum LayerFile: String {
    case cluster = "heron.config.file.cluster.yaml"
    case client = "heron.config.file.client.yaml"
    case healthManager = "heron.config.file.healthmgr.yaml"
    case packing = "heron.config.file.packing.yaml"
    case scheduler = "heron.config.file.scheduler.yaml"
    case stateManager = "heron.config.file.statemgr.yaml"
    case uploader = "heron.config.file.uploader.yaml"
    case downloader = "heron.config.file.downloader.yaml"
    case stateful = "heron.config.file.stateful.yaml"
    case override = "heron.config.file.override.yaml"
    // Not merged: the runtime's processes read them.
    case internals = "heron.config.file.system.yaml"
    case metricsSinks = "heron.config.file.metrics.yaml"
}
