import HeronYAML

// The keys that single schedulers, state managers, uploaders and daemons of Heron 0.20.5 read.

extension KnownKey {
    static let schedulers: [KnownKey] =
        [
            KnownKey("SCHEDULER_IS_SERVICE", "heron.scheduler.is.service", .boolean, true),
            KnownKey("SCHEDULER_PROPERTIES", "heron.scheduler.properties", .any),
            KnownKey("SCHEDULER_PROXY_CONNECTION_STRING", "heron.proxy.connection.string", .string),
            KnownKey("SCHEDULER_PROXY_CONNECTION_TYPE", "heron.proxy.connection.type", .string),
            // Ours: how many milliseconds a call into a plugin may take.
            KnownKey("heron.plugin.call.deadline.ms", .integer, default: 600_000),
            // Ours: false keeps the scheduler service in the foreground of the command that started it.
            KnownKey("heron.scheduler.background", .boolean, default: true),
            // Ours: true lets Heron's own clients, which send no secret, use a scheduler service on their own machine.
            KnownKey("heron.scheduler.service.allow.local.without.secret", .boolean, default: false),
            // Ours: the address that a scheduler service binds (127.0.0.1, or with ZooKeeper 0.0.0.0), the host that it
            // publishes in the state (this machine's name or first address), and its port (0 for a free one).
            KnownKey("heron.scheduler.http.address", .string),
            KnownKey("heron.scheduler.http.host", .string),
            KnownKey("heron.scheduler.http.port", .integer, default: 0),
            KnownKey(
                "heron.scheduler.local.working.directory",
                .string,
                default: "${HOME}/.herondata/topologies/${CLUSTER}/${ROLE}/${TOPOLOGY}"
            ),
            // Heron's other keys for Mesos are declared by the plugin.
            KnownKey("heron.mesos.native.library.path", .string),
            KnownKey("heron.scheduler.job.template", .string),
            KnownKey("heron.scheduler.job.link.template", .string),
            KnownKey("heron.scheduler.job.max.kill.attempts", .integer, default: 5),
            KnownKey("heron.scheduler.job.kill.retry.interval.ms", .integer, default: 2000),
            KnownKey("heron.scheduler.slurm.job.id", .string, default: "slurm-job.pid"),
            KnownKey("heron.scheduler.slurm.shell.script", .string, default: "slurm.sh"),
            KnownKey("heron.marathon.scheduler.uri", .string),
            KnownKey("heron.marathon.scheduler.auth.token", .string),
            KnownKey("heron.executor.docker.image", .string),
            KnownKey("heron.nomad.scheduler.uri", .string, default: "http://127.0.0.1:4646"),
            KnownKey("heron.nomad.core.freq.mapping", .integer, default: 1000),
            KnownKey("heron.nomad.driver", .string, default: "docker"),
            KnownKey("heron.nomad.network.mode", .string, default: "default"),
            KnownKey("heron.nomad.metrics.service.register", .boolean, default: false),
            KnownKey("heron.nomad.metrics.service.check.interval.sec", .integer, default: 10),
            KnownKey("heron.nomad.metrics.service.check.timeout.sec", .integer, default: 2),
            KnownKey("heron.nomad.metrics.service.additional.tags", .string),
            KnownKey("heron.scheduler.yarn.queue", .string),
            KnownKey("heron.scheduler.yarn.driver.memory.mb", .integer),
            KnownKey("heron.kubernetes.scheduler.uri", .string),
            KnownKey("heron.kubernetes.resource.request.mode", .string),
        ] + tunnel(of: "scheduler")

    static let stateManagers: [KnownKey] =
        [
            KnownKey("STATEMGR_CONNECTION_STRING", "heron.statemgr.connection.string", .string),
            KnownKey("STATEMGR_ROOT_PATH", "heron.statemgr.root.path", .string),
            KnownKey("heron.statemgr.localfs.is.initialize.file.tree", .boolean, default: true),
            KnownKey("heron.statemgr.zookeeper.is.initialize.tree", .boolean, default: true),
            KnownKey("heron.statemgr.zookeeper.session.timeout.ms", .integer, default: 30000),
            KnownKey("heron.statemgr.zookeeper.connection.timeout.ms", .integer, default: 30000),
            KnownKey("heron.statemgr.zookeeper.retry.count", .integer, default: 10),
            KnownKey("heron.statemgr.zookeeper.retry.interval.ms", .integer, default: 10000),
            // Ours: how to authenticate, only `digest`; and a file with one line user:password.
            KnownKey("heron.statemgr.zookeeper.auth.scheme", .string),
            KnownKey("heron.statemgr.zookeeper.auth.file", .string, secret: .file),
        ] + tunnel(of: "statemgr")

    private static func tunnel(of part: String) -> [KnownKey] {
        [
            KnownKey("heron.\(part).is.tunnel.needed", .boolean, default: false),
            KnownKey("heron.\(part).tunnel.host", .string, default: "no.tunnel.host.specified"),
            KnownKey("heron.\(part).tunnel.connection.timeout.ms", .integer, default: 1000),
            KnownKey("heron.\(part).tunnel.connection.retryCount.count", .integer, default: 2),
            KnownKey("heron.\(part).tunnel.retryCount.interval.ms", .integer, default: 1000),
            KnownKey("heron.\(part).tunnel.verify.count", .integer, default: 10),
        ]
    }

    static let uploaders: [KnownKey] = [
        // Heron's code has another default here, which it uses without expanding the tokens; this is every yaml's.
        KnownKey(
            "heron.uploader.localfs.file.system.directory",
            .string,
            default: "${HOME}/.herondata/repository/topologies/${CLUSTER}/${ROLE}/${TOPOLOGY}"
        ),
        KnownKey("heron.uploader.hdfs.config.directory", .string),
        KnownKey("heron.uploader.hdfs.topologies.directory.uri", .string),
        KnownKey("heron.uploader.scp.command.options", .string),
        KnownKey("heron.uploader.scp.command.connection", .string),
        KnownKey("heron.uploader.ssh.command.options", .string),
        KnownKey("heron.uploader.ssh.command.connection", .string),
        KnownKey(
            "heron.uploader.scp.dir.path",
            .string,
            default: "${HOME}/heron/repository/${CLUSTER}/${ROLE}/${TOPOLOGY}"
        ),
        KnownKey("heron.uploader.s3.bucket", .string),
        KnownKey("heron.uploader.s3.access_key", .string),
        KnownKey("heron.uploader.s3.secret_key", .string),
        KnownKey("heron.uploader.s3.aws_profile", .string),
        KnownKey("heron.uploader.s3.path_prefix", .string, default: "/"),
        KnownKey("heron.uploader.s3.region", .string),
        KnownKey("heron.uploader.s3.uri", .string),
        KnownKey("heron.uploader.s3.proxy_uri", .string),
        KnownKey("heron.uploader.http.uri", .string),
        KnownKey("heron.uploader.gcs.bucket", .string),
        KnownKey("heron.uploader.gcs.credentials_path", .string),
        KnownKey("heron.uploader.dlog.topologies.namespace.uri", .string),
        KnownKey("heron.uploader.dlog.topologies.num.replicas", .integer, default: 3),
    ]

    static let healthManager: [KnownKey] = [
        KnownKey("METRICSCACHEMGR_MODE", "heron.topology.metricscachemgr.mode", .string, "disabled"),
        KnownKey("HEALTHMGR_MODE", "heron.topology.healthmgr.mode", .string),
        KnownKey("heron.healthmgr.metricsource.type", .string),
        KnownKey("heron.healthmgr.metricsource.url", .string),
        KnownKey("heron.class.health.policies", .any),
    ]

    static let checkpoints: [KnownKey] = [
        KnownKey("STATEFUL_STORAGE_CLASSNAME", "heron.statefulstorage.classname", .string),
        KnownKey("STATEFUL_STORAGE_CONF", "heron.statefulstorage.config", .map),
        KnownKey("STATEFUL_STORAGE_CUSTOM_CLASSPATH", "heron.statefulstorage.custom.classpath", .string),
        KnownKey("heron.ckptmgr.network.write.batch.size.bytes", .bytes),
        KnownKey("heron.ckptmgr.network.write.batch.time.ms", .integer),
        KnownKey("heron.ckptmgr.network.read.batch.size.bytes", .bytes),
        KnownKey("heron.ckptmgr.network.read.batch.time.ms", .integer),
        KnownKey("heron.ckptmgr.network.options.socket.send.buffer.size.bytes", .bytes),
        KnownKey("heron.ckptmgr.network.options.socket.receive.buffer.size.bytes", .bytes),
        KnownKey("heron.ckptmgr.network.options.maximum.packetsize.bytes", .bytes),
    ]
}
