import HeronYAML

// The keys of Heron 0.20.5, with Heron's names for the tokens, Heron's types and Heron's defaults.

extension KnownKey {
    private static func path(_ token: String, _ name: String, _ defaultValue: YAMLValue? = nil) -> KnownKey {
        KnownKey(token, name, .string, defaultValue)
    }

    static let directories: [KnownKey] = [
        path("HERON_HOME", "heron.directory.home", "/usr/local/heron"),
        path("HERON_BIN", "heron.directory.bin", "${HERON_HOME}/bin"),
        path("HERON_CONF", "heron.directory.conf", "${HERON_HOME}/conf"),
        path("HERON_LIB", "heron.directory.lib", "${HERON_HOME}/lib"),
        path("HERON_DIST", "heron.directory.dist", "${HERON_HOME}/dist"),
        path("HERON_ETC", "heron.directory.etc", "${HERON_HOME}/etc"),
        path("JAVA_HOME", "heron.directory.java.home", "${JAVA_HOME}"),
        path("HERON_CLUSTER_HOME", "heron.directory.cluster.home", "./heron-core"),
        path("HERON_CLUSTER_CONF", "heron.directory.cluster.conf", "./heron-conf"),
        path("HERON_CLUSTER_JAVA_HOME", "heron.directory.sandbox.java.home", "/usr/lib/jvm/default-java"),
        path("CLUSTER_YAML", "heron.config.file.cluster.yaml", "${HERON_CONF}/cluster.yaml"),
        path("CLIENT_YAML", "heron.config.file.client.yaml", "${HERON_CONF}/client.yaml"),
        path("HEALTHMGR_YAML", "heron.config.file.healthmgr.yaml", "${HERON_CONF}/healthmgr.yaml"),
        path("METRICS_YAML", "heron.config.file.metrics.yaml", "${HERON_CONF}/metrics_sinks.yaml"),
        path("PACKING_YAML", "heron.config.file.packing.yaml", "${HERON_CONF}/packing.yaml"),
        path("SCHEDULER_YAML", "heron.config.file.scheduler.yaml", "${HERON_CONF}/scheduler.yaml"),
        path("STATEMGR_YAML", "heron.config.file.statemgr.yaml", "${HERON_CONF}/statemgr.yaml"),
        path("SYSTEM_YAML", "heron.config.file.system.yaml", "${HERON_CONF}/heron_internals.yaml"),
        path("UPLOADER_YAML", "heron.config.file.uploader.yaml", "${HERON_CONF}/uploader.yaml"),
        path("DOWNLOADER_YAML", "heron.config.file.downloader.yaml", "${HERON_CONF}/downloader.yaml"),
        path("STATEFUL_YAML", "heron.config.file.stateful.yaml", "${HERON_CONF}/stateful.yaml"),
        path("OVERRIDE_YAML", "heron.config.file.override.yaml", "${HERON_CONF}/override.yaml"),
        path("APISERVER_OVERRIDE_YAML", "heron.apiserver.file.override.yaml"),
    ]

    static let commands: [KnownKey] = [
        KnownKey("CLUSTER", "heron.config.cluster", .string),
        KnownKey("ROLE", "heron.config.role", .string),
        KnownKey("ENVIRON", "heron.config.environ", .string),
        KnownKey("SUBMIT_USER", "heron.config.submit_user", .string),
        KnownKey("DRY_RUN", "heron.config.dry_run", .boolean, false),
        KnownKey("DRY_RUN_FORMAT_TYPE", "heron.config.dry_run_format_type", .string),
        KnownKey("VERBOSE", "heron.config.verbose", .boolean, false),
        KnownKey("VERBOSE_GC", "heron.config.verbose_gc", .boolean, false),
        KnownKey("CONFIG_PROPERTY", "heron.config.property", .string),
        KnownKey("BUILD_VERSION", "heron.build.version", .any),
        KnownKey("BUILD_TIME", "heron.build.time", .any),
        KnownKey("BUILD_TIMESTAMP", "heron.build.timestamp", .any),
        KnownKey("BUILD_HOST", "heron.build.host", .any),
        KnownKey("BUILD_USER", "heron.build.user", .any),
        KnownKey("UPDATE_PROMPT", "heron.command.update.prompt", .string, "disabled"),
        KnownKey("heron.build.git.revision", .any),
        KnownKey("heron.build.git.status", .any),
        KnownKey("heron.config.is.role.required", .boolean, default: false),
        KnownKey("heron.config.is.env.required", .boolean, default: false),
        KnownKey("heron.apiserver.http.file.system.directory", .string),
    ]

    static let classes: [KnownKey] = [
        KnownKey("UPLOADER_CLASS", "heron.class.uploader", .string),
        KnownKey("LAUNCHER_CLASS", "heron.class.launcher", .string),
        KnownKey("SCHEDULER_CLASS", "heron.class.scheduler", .string),
        KnownKey("PACKING_CLASS", "heron.class.packing.algorithm", .string),
        KnownKey("REPACKING_CLASS", "heron.class.repacking.algorithm", .string),
        KnownKey("STATE_MANAGER_CLASS", "heron.class.state.manager", .string),
        // A boolean, although its name says class: true is the command line controller.
        KnownKey("AURORA_CONTROLLER_CLASS", "heron.class.scheduler.aurora.controller.cli", .boolean, true),
        path("INSTANCE_CLASSPATH", "heron.classpath.instance", "${HERON_LIB}/instance/*"),
        path("HEALTHMGR_CLASSPATH", "heron.classpath.healthmgr", "${HERON_LIB}/healthmgr/*"),
        path("METRICSMGR_CLASSPATH", "heron.classpath.metrics.manager", "${HERON_LIB}/metricsmgr/*"),
        path("METRICSCACHEMGR_CLASSPATH", "heron.classpath.metricscache.manager", "${HERON_LIB}/metricscachemgr/*"),
        path("PACKING_CLASSPATH", "heron.classpath.packing", "${HERON_LIB}/packing/*"),
        path("SCHEDULER_CLASSPATH", "heron.classpath.scheduler", "${HERON_LIB}/scheduler/*"),
        path("STATEMGR_CLASSPATH", "heron.classpath.statemgr", "${HERON_LIB}/statemgr/*"),
        path("UPLOADER_CLASSPATH", "heron.classpath.uploader", "${HERON_LIB}/uploader/*"),
        path("CKPTMGR_CLASSPATH", "heron.classpath.ckptmgr", "${HERON_LIB}/ckptmgr/*"),
        path("STATEFULSTORAGE_CLASSPATH", "heron.classpath.statefulstorage", "${HERON_LIB}/statefulstorage/*"),
        path("SCHEDULER_JAR", "heron.jars.scheduler", "${HERON_LIB}/scheduler/heron-scheduler.jar"),
    ]

    static let packages: [KnownKey] = [
        KnownKey("INTERNALS_CONFIG_FILE", "heron.internals.config.file", .string),
        path("CORE_PACKAGE_DIRECTORY", "heron.package.core.directory", "${HERON_DIST}/heron-core"),
        path("CORE_PACKAGE_URI", "heron.package.core.uri", "${HERON_DIST}/heron-core.tar.gz"),
        KnownKey("USE_CORE_PACKAGE_URI", "heron.package.use_core_uri", .boolean, true),
        KnownKey("TOPOLOGY_PACKAGE_URI", "heron.package.topology.uri", .string),
        KnownKey("TOPOLOGY_ID", "heron.topology.id", .string),
        KnownKey("TOPOLOGY_NAME", "heron.topology.name", .string),
        KnownKey("TOPOLOGY_DEFINITION_FILE", "heron.topology.definition.file", .string),
        KnownKey("TOPOLOGY_DEFINITION", "heron.topology.definition", .string),
        KnownKey("TOPOLOGY_BINARY_FILE", "heron.topology.binary.file", .string),
        KnownKey("TOPOLOGY_PACKAGE_FILE", "heron.topology.package.file", .string),
        KnownKey("TOPOLOGY_PACKAGE_TYPE", "heron.topology.package.type", .string),
        KnownKey("TOPOLOGY_CONTAINER_ID", "heron.topology.container.id", .any),
        KnownKey("HERON_RELEASE_PACKAGE", "heron.release.package", .string),
        KnownKey("HERON_RELEASE_PACKAGE_ROLE", "heron.release.package.role", .string),
        KnownKey("HERON_RELEASE_PACKAGE_NAME", "heron.release.package.name", .string),
        KnownKey("HERON_RELEASE_PACKAGE_VERSION", "heron.release.package.version", .any),
        KnownKey("HERON_UPLOADER_VERSION", "heron.uploader.version", .any),
        KnownKey("DOWNLOADER_PROTOCOLS", "heron.downloader.registry", .map),
    ]

    static let runtime: [KnownKey] = [
        KnownKey("STMGR_RAM", "heron.resources.stmgr.ram", .bytes, gibibyte),
        KnownKey("CKPTMGR_RAM", "heron.resources.ckptmgr.ram", .bytes, gibibyte),
        KnownKey("METRICSMGR_RAM", "heron.resources.metricsmgr.ram", .bytes, gibibyte),
        KnownKey("INSTANCE_RAM", "heron.resources.instance.ram", .bytes, gibibyte),
        KnownKey("INSTANCE_CPU", "heron.resources.instance.cpu", .number, 1.0),
        KnownKey("INSTANCE_DISK", "heron.resources.instance.disk", .bytes, gibibyte),
        KnownKey("TOPOLOGY_CLASSPATH", "heron.runtime.topology.class.path", .string),
        KnownKey("SCHEDULER_STATE_MANAGER_ADAPTOR", "heron.runtime.scheduler.state.manager.adaptor", .string),
        KnownKey("SCHEDULER_SHUTDOWN", "heron.runtime.scheduler.shutdown", .string),
        KnownKey("PACKING_CLASS_INSTANCE", "heron.runtime.packing.class.instance", .string),
        KnownKey("LAUNCHER_CLASS_INSTANCE", "heron.runtime.launcher.class.instance", .string),
        KnownKey("COMPONENT_RAMMAP", "heron.runtime.component.rammap", .string),
        KnownKey("COMPONENT_JVM_OPTS_IN_BASE64", "heron.runtime.component.jvm.opts.in.base64", .string),
        KnownKey("INSTANCE_JVM_OPTS_IN_BASE64", "heron.runtime.instance.jvm.opts.in.base64", .string),
        KnownKey("NUM_CONTAINERS", "heron.runtime.num.containers", .integer),
    ]

    static let binaries: [KnownKey] = [
        path("EXECUTOR_BINARY", "heron.binaries.executor", "${HERON_BIN}/heron-executor"),
        path("STMGR_BINARY", "heron.binaries.stmgr", "${HERON_BIN}/heron-stmgr"),
        path("TMANAGER_BINARY", "heron.binaries.tmanager", "${HERON_BIN}/heron-tmanager"),
        path("SHELL_BINARY", "heron.binaries.shell", "${HERON_BIN}/heron-shell"),
        path("PYTHON_INSTANCE_BINARY", "heron.binaries.python.instance", "${HERON_BIN}/heron-python-instance"),
        path("CPP_INSTANCE_BINARY", "heron.binaries.cpp.instance", "${HERON_BIN}/heron-cpp-instance"),
        path("DOWNLOADER_BINARY", "heron.binaries.downloader", "${HERON_BIN}/heron-downloader"),
        path("DOWNLOADER_CONF", "heron.binaries.downloader-conf", "${HERON_BIN}/heron-downloader-config"),
    ]

    private static let gibibyte: YAMLValue = .int(1 << 30)
}
