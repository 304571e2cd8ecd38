/// Command lines of JVMs, as Heron 0.20.5 builds them.
struct JavaCommands {
    private static let collector = [
        "-XX:+UseG1GC", "-XX:+ParallelRefProcEnabled", "-XX:+UseStringDeduplication", "-XX:MaxGCPauseMillis=100",
        "-XX:InitiatingHeapOccupancyPercent=30", "-XX:ParallelGCThreads=4",
    ]
    private static let common = ["-XX:+PrintCommandLineFlags", "-Djava.net.preferIPv4Stack=true"]
    /// The heap of a daemon.
    private static let daemonHeap = ["-Xmx1024M"]

    let options: ExecutorOptions
    let logDirectory: String
    /// The folder of the Java installation.
    let home: String

    private var executable: String { "\(home)/bin/java" }

    func metricsCache() -> ProcessCommand {
        daemon(
            "heron-metricscache",
            log: "metricscache",
            classpath: options.metricscacheManagerClasspath,
            main: "org.apache.heron.metricscachemgr.MetricsCacheManager",
            [
                "--metricscache_id", "metricscache-0",
                "--server_port", "\(options.metricscacheManagerServerPort)",
                "--stats_port", "\(options.metricscacheManagerStatsPort)",
                "--topology_name", options.topologyName,
                "--topology_id", options.topologyId,
                "--system_config_file", options.heronInternalsConfigFile,
                "--override_config_file", options.overrideConfigFile,
                "--sink_config_file", options.metricsSinksConfigFile,
                "--cluster", options.cluster,
                "--role", options.role,
                "--environment", options.environment,
            ]
        )
    }

    func healthManager() -> ProcessCommand {
        daemon(
            "heron-healthmgr",
            log: "healthmgr",
            classpath: "\(options.schedulerClasspath):\(options.healthManagerClasspath)",
            main: "org.apache.heron.healthmgr.HealthManager",
            [
                "--cluster", options.cluster,
                "--role", options.role,
                "--environment", options.environment,
                "--topology_name", options.topologyName,
                "--metricsmgr_port", "\(options.metricsManagerPort)",
            ]
        )
    }

    func metricsManager() -> ProcessCommand {
        let name = "metricsmgr-\(options.shard)"
        return daemon(
            name,
            log: "metricsmgr",
            classpath: options.metricsManagerClasspath,
            main: "org.apache.heron.metricsmgr.MetricsManager",
            [
                "--id=\(name)",
                "--port=\(options.metricsManagerPort)",
                "--topology=\(options.topologyName)",
                "--cluster=\(options.cluster)",
                "--role=\(options.role)",
                "--environment=\(options.environment)",
                "--topology-id=\(options.topologyId)",
                "--system-config-file=\(options.heronInternalsConfigFile)",
                "--override-config-file=\(options.overrideConfigFile)",
                "--sink-config-file=\(options.metricsSinksConfigFile)",
            ]
        )
    }

    func checkpointManager() -> ProcessCommand {
        let name = "ckptmgr-\(options.shard)"
        let megabytes = options.checkpointManagerRam >> 20
        return daemon(
            name,
            log: "ckptmgr",
            heap: ["-Xms\(megabytes)M", "-Xmx\(megabytes)M"],
            classpath: options.checkpointManagerClasspath,
            main: "org.apache.heron.ckptmgr.CheckpointManager",
            [
                "-t\(options.topologyName)",
                "-i\(options.topologyId)",
                "-c\(name)",
                "-p\(options.checkpointManagerPort)",
                "-f\(options.statefulConfigFile)",
                "-o\(options.overrideConfigFile)",
                "-g\(options.heronInternalsConfigFile)",
            ]
        )
    }

    /// An instance's JVM.
    ///
    /// - Parameters:
    ///   - memory: of the whole process, in bytes.
    ///   - version: of Java, as 8 or 17.
    ///   - debuggerPort: where it listens for a debugger, if it does.
    func instance(
        _ instance: InstanceIdentity,
        memory: Int64,
        version: Int,
        jvmOptions: [String],
        debuggerPort: UInt16?
    ) -> ProcessCommand {
        let debugger = debuggerPort.map { "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=\($0)" }
        return ProcessCommand(
            name: instance.id,
            executable: executable,
            arguments: instanceHeap(memory, version) + JavaCommands.common + collector(log: instance.id)
                + ["-cp", "\(options.instanceClasspath):\(options.classpath)"]
                + (debugger.map { [$0] } ?? []) + jvmOptions
                + ["org.apache.heron.instance.HeronInstance"] + instanceArguments(instance)
                + (debuggerPort.map { ["-remote_debugger_port", "\($0)"] } ?? [])
        )
    }

    private func instanceHeap(_ memory: Int64, _ version: Int) -> [String] {
        let classes = 128
        let code = 64
        let heap = memory >> 20 - Int64(code + classes)
        let space = version < 8 ? "PermSize" : "MetaspaceSize"
        let young = version < 11 ? ["-Xmn\(heap / 2)M"] : []
        return ["-Xmx\(heap)M", "-Xms\(heap)M"] + young
            + ["-XX:Max\(space)=\(classes)M", "-XX:\(space)=\(classes)M", "-XX:ReservedCodeCacheSize=\(code)M"]
    }

    private func instanceArguments(_ instance: InstanceIdentity) -> [String] {
        [
            "-topology_name", options.topologyName,
            "-topology_id", options.topologyId,
            "-instance_id", instance.id,
            "-component_name", instance.component,
            "-task_id", "\(instance.task)",
            "-component_index", "\(instance.index)",
            "-stmgr_id", "stmgr-\(options.shard)",
            "-stmgr_port", "\(options.tmanagerControllerPort)",
            "-metricsmgr_port", "\(options.metricsManagerPort)",
            "-system_config_file", options.heronInternalsConfigFile,
            "-override_config_file", options.overrideConfigFile,
        ]
    }

    private func daemon(
        _ name: String,
        log: String,
        heap: [String] = daemonHeap,
        classpath: String,
        main: String,
        _ arguments: [String]
    ) -> ProcessCommand {
        ProcessCommand(
            name: name,
            executable: executable,
            arguments: heap + JavaCommands.common + collector(log: log) + ["-cp", classpath, main] + arguments
        )
    }

    private func collector(log name: String) -> [String] {
        guard options.verboseGc else { return JavaCommands.collector }
        let file = "\(logDirectory)/gc.\(name).log"
        return JavaCommands.collector
            + ["-Xlog:gc*,safepoint=info:file=\(file):tags,time,uptime,level:filecount=5,filesize=100M"]
    }
}
