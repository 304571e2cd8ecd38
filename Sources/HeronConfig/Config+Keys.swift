import HeronYAML

// The keys that this implementation reads, with their types. Their defaults are in `KnownKey`'s tables.

extension Config.Key where Value == String {
    public static var home: Self { Self("heron.directory.home") }
    public static var conf: Self { Self("heron.directory.conf") }
    public static var clusterHome: Self { Self("heron.directory.cluster.home") }
    public static var clusterConf: Self { Self("heron.directory.cluster.conf") }
    /// The folder of the JVM in the containers.
    public static var clusterJavaHome: Self { Self("heron.directory.sandbox.java.home") }

    public static var internalsFile: Self { Self("heron.config.file.system.yaml") }
    public static var metricsSinksFile: Self { Self("heron.config.file.metrics.yaml") }
    public static var overrideFile: Self { Self("heron.config.file.override.yaml") }
    public static var statefulFile: Self { Self("heron.config.file.stateful.yaml") }
    public static var stateManagerFile: Self { Self("heron.config.file.statemgr.yaml") }

    public static var cluster: Self { Self("heron.config.cluster") }
    public static var role: Self { Self("heron.config.role") }
    public static var environ: Self { Self("heron.config.environ") }
    public static var submitUser: Self { Self("heron.config.submit_user") }
    public static var dryRunFormat: Self { Self("heron.config.dry_run_format_type") }

    public static var launcherClass: Self { Self("heron.class.launcher") }
    public static var schedulerClass: Self { Self("heron.class.scheduler") }
    public static var packingClass: Self { Self("heron.class.packing.algorithm") }
    public static var repackingClass: Self { Self("heron.class.repacking.algorithm") }
    public static var uploaderClass: Self { Self("heron.class.uploader") }
    public static var stateManagerClass: Self { Self("heron.class.state.manager") }

    public static var stateConnection: Self { Self("heron.statemgr.connection.string") }
    public static var stateRoot: Self { Self("heron.statemgr.root.path") }
    /// A file with the user's credentials for ZooKeeper; ours.
    public static var stateCredentialsFile: Self { Self("heron.statemgr.zookeeper.auth.file") }
    public static var httpUploadURI: Self { Self("heron.uploader.http.uri") }
    public static var localUploadDirectory: Self { Self("heron.uploader.localfs.file.system.directory") }
    public static var localWorkingDirectory: Self { Self("heron.scheduler.local.working.directory") }

    public static var corePackageDirectory: Self { Self("heron.package.core.directory") }
    public static var corePackageURI: Self { Self("heron.package.core.uri") }
    public static var topologyPackageURI: Self { Self("heron.package.topology.uri") }
    public static var topologyID: Self { Self("heron.topology.id") }
    public static var topologyName: Self { Self("heron.topology.name") }
    /// The path of the `.defn` file.
    public static var topologyDefinitionFile: Self { Self("heron.topology.definition.file") }
    /// The name of the topology's own file in the package.
    public static var topologyBinaryFile: Self { Self("heron.topology.binary.file") }
    /// The path of the package that is uploaded.
    public static var topologyPackageFile: Self { Self("heron.topology.package.file") }
    /// A ``PackageType``'s raw value.
    public static var topologyPackageType: Self { Self("heron.topology.package.type") }

    public static var executorBinary: Self { Self("heron.binaries.executor") }
    public static var streamManagerBinary: Self { Self("heron.binaries.stmgr") }
    public static var topologyManagerBinary: Self { Self("heron.binaries.tmanager") }
    public static var shellBinary: Self { Self("heron.binaries.shell") }
    public static var pythonInstanceBinary: Self { Self("heron.binaries.python.instance") }
    public static var cppInstanceBinary: Self { Self("heron.binaries.cpp.instance") }

    public static var instanceClasspath: Self { Self("heron.classpath.instance") }
    public static var healthManagerClasspath: Self { Self("heron.classpath.healthmgr") }
    public static var metricsManagerClasspath: Self { Self("heron.classpath.metrics.manager") }
    public static var metricsCacheClasspath: Self { Self("heron.classpath.metricscache.manager") }
    public static var packingClasspath: Self { Self("heron.classpath.packing") }
    public static var schedulerClasspath: Self { Self("heron.classpath.scheduler") }
    public static var stateManagerClasspath: Self { Self("heron.classpath.statemgr") }
    public static var checkpointManagerClasspath: Self { Self("heron.classpath.ckptmgr") }
    public static var statefulStorageClasspath: Self { Self("heron.classpath.statefulstorage") }

    /// `disabled`, or anything else for a metrics cache in container 0.
    public static var metricsCacheMode: Self { Self("heron.topology.metricscachemgr.mode") }
    /// `disabled` or unset, or anything else for a health manager in container 0.
    public static var healthManagerMode: Self { Self("heron.topology.healthmgr.mode") }
    /// `prompt` asks before an update adds containers.
    public static var updatePrompt: Self { Self("heron.command.update.prompt") }
}

extension Config.Key where Value == Bool {
    public static var dryRun: Self { Self("heron.config.dry_run") }
    public static var verbose: Self { Self("heron.config.verbose") }
    public static var verboseGC: Self { Self("heron.config.verbose_gc") }
    /// Whether the scheduler is a process of its own, or runs inside each command.
    public static var schedulerIsService: Self { Self("heron.scheduler.is.service") }
    /// Whether the scheduler service leaves the command that started it; ours.
    public static var schedulerInBackground: Self { Self("heron.scheduler.background") }
    /// Whether the scheduler service serves clients on its own machine that do not send the topology's secret; ours.
    public static var allowsLocalWithoutSecret: Self { Self("heron.scheduler.service.allow.local.without.secret") }
    /// Whether containers fetch the core package by its URI, or link the core directory.
    public static var usesCorePackageURI: Self { Self("heron.package.use_core_uri") }
}

extension Config.Key where Value == ByteCount {
    public static var instanceRAM: Self { Self("heron.resources.instance.ram") }
    public static var instanceDisk: Self { Self("heron.resources.instance.disk") }
}

extension Config.Key where Value == Double {
    /// Cores.
    public static var instanceCPU: Self { Self("heron.resources.instance.cpu") }
}

extension Config.Key where Value == YAMLMap {
    /// The settings of the checkpoint storage.
    public static var statefulStorage: Self { Self("heron.statefulstorage.config") }
    /// The downloader class of each URI scheme.
    public static var downloaders: Self { Self("heron.downloader.registry") }
}
