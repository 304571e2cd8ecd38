import HeronConfig
import HeronModel

/// The executor's arguments in groups; together, in the order of the methods here, they are Heron's.
struct ExecutorArguments {
    let config: Config
    let settings: TopologySettings
    let binaryFile: String

    func topologyAndState(_ topology: Topology) throws -> [String] {
        [
            "--topology-name=\(topology.name)",
            "--topology-id=\(topology.id)",
            "--topology-defn-file=\(topology.name).defn",
            "--state-manager-connection=\(try config.string(.stateConnection))",
            "--state-manager-root=\(try config.string(.stateRoot))",
            "--state-manager-config-file=\(try config.string(.stateManagerFile))",
        ]
    }

    func processes(componentRAM: String) throws -> [String] {
        [
            "--tmanager-binary=\(try config.string(.topologyManagerBinary))",
            "--stmgr-binary=\(try config.string(.streamManagerBinary))",
            "--metrics-manager-classpath=\(try config.string(.metricsManagerClasspath))",
            "--instance-jvm-opts=\(JVMOptions.encode(settings["topology.worker.childopts"] ?? ""))",
            "--classpath=\(try classpath())",
            "--heron-internals-config-file=\(try config.string(.internalsFile))",
            "--override-config-file=\(try config.string(.overrideFile))",
            "--component-ram-map=\(componentRAM)",
            "--component-jvm-opts=\(JVMOptions.encode(settings["topology.component.jvmopts"] ?? ""))",
            "--pkg-type=\(try PackageType(topologyFile: binaryFile).rawValue)",
            "--topology-binary-file=\(binaryFile)",
            "--heron-java-home=\(try config.string(.clusterJavaHome))",
        ] + (try config.bool(.verboseGC) ? ["--verbose-gc"] : [])
    }

    func placeAndClasspaths() throws -> [String] {
        let scheduler: [String] = [
            try config.string(.schedulerClasspath), try config.string(.packingClasspath),
            try config.string(.stateManagerClasspath),
        ]
        return [
            "--heron-shell-binary=\(try config.string(.shellBinary))",
            "--cluster=\(try config.string(.cluster))",
            "--role=\(try config.string(.role))",
            "--environment=\(try config.string(.environ))",
            "--instance-classpath=\(try config.string(.instanceClasspath))",
            "--metrics-sinks-config-file=\(try config.string(.metricsSinksFile))",
            "--scheduler-classpath=\(scheduler.joined(separator: ":"))",
            "--python-instance-binary=\(try config.string(.pythonInstanceBinary))",
            "--cpp-instance-binary=\(try config.string(.cppInstanceBinary))",
        ]
    }

    func daemons() throws -> [String] {
        // A trailing colon without a path of the user's is Heron's way.
        let checkpoints: [String] = [
            try config.string(.checkpointManagerClasspath), try config.string(.statefulStorageClasspath),
            try customStorageClasspath(),
        ]
        return [
            "--metricscache-manager-classpath=\(try config.string(.metricsCacheClasspath))",
            "--metricscache-manager-mode=\(try config.string(.metricsCacheMode))",
            "--is-stateful=\(settings.isStateful)",
            "--checkpoint-manager-classpath=\(checkpoints.joined(separator: ":"))",
            "--stateful-config-file=\(try config.string(.statefulFile))",
            "--checkpoint-manager-ram=\(try settings.checkpointManagerRAM())",
            "--health-manager-mode=\(try config.find(.healthManagerMode) ?? "disabled")",
            "--health-manager-classpath=\(try config.string(.healthManagerClasspath))",
        ]
    }

    /// The class path of the topology's own classes; of a Python or C++ topology too, as in Heron, where nothing uses it.
    private func classpath() throws -> String {
        let ending: String = [".tar.gz", ".tar"].first { binaryFile.hasSuffix($0) } ?? ""
        let isJar: Bool = try PackageType(topologyFile: binaryFile) == .jar
        let own: String = isJar ? binaryFile : "libs/*:\(binaryFile.dropLast(ending.count)).jar"
        let additional: String = settings["topology.additional.classpath"] ?? ""
        return additional.isEmpty ? own : "\(own):\(additional)"
    }

    private func customStorageClasspath() throws -> String {
        let key = "heron.statefulstorage.custom.classpath"
        return try config.find(.statefulStorage)?[key]?.stringValue ?? config.find(Config.Key<String>(key)) ?? ""
    }
}

/// Heron's encoding of JVM options in the executor's command line: base64 in double quotes, with `=` as `(61)`, so that
/// it survives a shell and `--option=value` parsers.
enum JVMOptions {
    static func encode(_ options: String) -> String {
        let parts = Base64.encode(Array(options.utf8)).split(separator: "=", omittingEmptySubsequences: false)
        return "\"\(parts.joined(separator: "(61)"))\""
    }
}

/// The smallest RAM of each component's instances, in bytes: `component:bytes,…`, sorted by component.
enum ComponentRAM {
    static func text(_ plan: PackingPlan) throws -> String {
        var smallest: [String: Int64] = [:]
        for instance in plan.containerPlans.flatMap(\.instancePlans) {
            smallest[instance.componentName] = min(
                instance.resource.ram,
                smallest[instance.componentName] ?? instance.resource.ram
            )
        }
        guard !smallest.isEmpty else { throw ExecutorCommandError("the packing plan \(plan.id) has no instances") }
        return smallest.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    }
}
