import HeronYAML
import Testing

@testable import HeronConfig

@Suite struct ConfigLoaderTests {
    private let folder: TemporaryFolder
    private let loader = ConfigLoader(environment: alice)

    init() throws { folder = try TemporaryFolder() }

    private func local(_ properties: [ConfigProperty] = [], topology: TopologyKeys? = nil) throws -> Config {
        try loader.client(ClientSource(folder, properties, topology: topology)).local()
    }

    @Test func nothingButDefaults() throws {
        let config = try local()
        #expect(try config.string(.home) == folder.path)
        #expect(try config.string(.corePackageDirectory) == "\(folder.path)/dist/heron-core")
        #expect(try config.string(.internalsFile) == "\(folder.path)/local/heron_internals.yaml")
        #expect(try config.bool(.schedulerIsService))
        #expect(try config.bytes(.instanceRAM) == 1 << 30)
        #expect(try config.double(.instanceCPU) == 1)
        #expect(try config.find(.launcherClass) == nil)
        #expect(
            try config.string(.localWorkingDirectory) == "/home/alice/.herondata/topologies/local/alice/${TOPOLOGY}"
        )
        #expect(config.entry("heron.config.role") == Config.Entry("alice", .commandLine))
        let missing = "heron.class.launcher is not set; add it to a yaml file in \(folder.path)/local"
        #expect(message { try config.string(.launcherClass) } == missing)
    }

    @Test func laterLayersWin() throws {
        let files = [
            "cluster", "client", "healthmgr", "packing", "scheduler", "statemgr", "uploader", "downloader", "stateful",
        ]
        for (index, file) in files.enumerated() {
            let lines = files[index...].map { "heron.mesos.master.uri: \($0)" }.prefix(1)
            try folder.write("local/\(file).yaml", lines.joined() + "\nheron.marathon.scheduler.uri: \(file)\n")
            #expect(try local().string(.init("heron.mesos.master.uri")) == file)
        }
        try folder.write("release.yaml", "heron.mesos.master.uri: release\nheron.build.version: '1'\n")
        #expect(try local().string(.init("heron.mesos.master.uri")) == "release")
        let property = ConfigProperty(key: "heron.mesos.master.uri", value: "property")
        #expect(try local([property]).entry("heron.mesos.master.uri") == Config.Entry("property", .configProperty))
        let topology = try TopologyKeys(id: "WC1", name: "WC", binaryFile: "wc.pex")
        let over = ["heron.config.role", "heron.topology.name"].map { ConfigProperty(key: $0, value: "no") }
        let config = try local(over, topology: topology)
        #expect(try config.string(.role) == "alice")
        #expect(try config.string(.topologyName) == "WC")
        #expect(try config.string(.topologyPackageType) == "pex")
        #expect(
            config.entry("heron.marathon.scheduler.uri")?.origin == .file("\(folder.path)/local/stateful.yaml", line: 2)
        )
    }

    @Test func theClusterSeesItsOwnFiles() throws {
        try folder.write("heron-conf/client.yaml", "heron.class.uploader: not.read\n")
        try folder.write("heron-conf/scheduler.yaml", "heron.class.scheduler: a.B\nheron.class.launcher: a.C\n")
        try folder.write("heron-conf/override.yaml", "heron.class.launcher: a.D\nheron.streammgr.any: '1'\n")
        let source = ClusterSource(workingDirectory: folder.path, command: .local)
        let layers = try loader.cluster(source)
        let config = try layers.cluster()
        #expect(layers.warnings.isEmpty)
        #expect(try config.find(.uploaderClass) == nil)
        #expect(try config.string(.schedulerClass) == "a.B")
        #expect(try config.string(.launcherClass) == "a.D")
        #expect(
            config.entry("heron.class.launcher")?.origin == .file("\(folder.path)/heron-conf/override.yaml", line: 1)
        )
        #expect(try config.string(.executorBinary) == "./heron-core/bin/heron-executor")
        #expect(try config.string(.internalsFile) == "./heron-conf/heron_internals.yaml")
    }

    @Test func clusterModeOfAClientsConfiguration() throws {
        try folder.write("local/scheduler.yaml", "heron.directory.sandbox.java.home: ${JAVA_HOME}\n")
        let layers = try loader.client(ClientSource(folder))
        #expect(try layers.local().string(.stateManagerFile) == "\(folder.path)/local/statemgr.yaml")
        let config = try layers.cluster()
        #expect(try config.string(.stateManagerFile) == "./heron-conf/statemgr.yaml")
        #expect(try config.string(.instanceClasspath) == "./heron-core/lib/instance/*")
        #expect(try config.string(.clusterJavaHome) == "/opt/java")
    }

    @Test func filesCanBeElsewhere() throws {
        try folder.write("other/s.yaml", "heron.class.scheduler: a.B\n")
        try folder.write("other/p.yaml", "heron.class.packing.algorithm: a.P\n")
        try folder.write("local/cluster.yaml", "heron.config.file.scheduler.yaml: ${HERON_HOME}/other/s.yaml\n")
        let property = ConfigProperty(key: "heron.config.file.packing.yaml", value: "${HERON_HOME}/other/p.yaml")
        let config = try local([property])
        #expect(try config.string(.schedulerClass) == "a.B")
        #expect(try config.string(.packingClass) == "a.P")
    }

    @Test func olderNames() throws {
        let older = "org.apache.heron.scheduler.local.LocalScheduler"
        try folder.write(
            "local/scheduler.yaml",
            """
            heron.class.scheduler: com.twitter.heron.scheduler.local.LocalScheduler
            heron.scheduler.tunnel.connection.retry.count: 7
            """
        )
        let config = try local()
        #expect(try config.string(.schedulerClass) == older)
        #expect(try config.int(.init("heron.scheduler.tunnel.connection.retryCount.count")) == 7)
    }

    @Test(arguments: ["a.Local", "a.Far"])
    func anAliasMeansTheKeyOfTheSchedulerInUse(_ scheduler: String) throws {
        let alias = "heron.local.working.directory"
        let plugins = [
            KnownKey("local.directory", .string, default: "/local", aliases: [alias], classes: ["a.Local"]),
            KnownKey("far.directory", .string, default: "/far", aliases: [alias], classes: ["a.Far"]),
        ]
        func load() throws -> ConfigLayers {
            try ConfigLoader(environment: alice, knownKeys: plugins).client(ClientSource(folder, []))
        }
        func values() throws -> [String?] {
            let config = try load().local()
            return ["local.directory", "far.directory", alias].map { config.entry($0)?.value.stringValue }
        }
        let isLocal = scheduler == "a.Local"
        try folder.write("local/scheduler.yaml", "heron.class.scheduler: \(scheduler)\n\(alias): /older\n")
        #expect(try load().warnings.isEmpty)
        #expect(try values() == (isLocal ? ["/older", "/far", nil] : ["/local", "/older", nil]))
        let key = isLocal ? "local.directory" : "far.directory"
        #expect(try load().local().entry(key)?.origin == .file("\(folder.path)/local/scheduler.yaml", line: 2))
        try folder.write("local/client.yaml", "\(key): /newer\n")
        #expect(try values() == (isLocal ? ["/newer", "/far", nil] : ["/local", "/newer", nil]))
    }

    @Test func anAliasWithoutItsSchedulerIsLeftAlone() throws {
        let plugin = KnownKey("far.directory", .string, aliases: ["older.directory"], classes: ["a.Far"])
        try folder.write("local/scheduler.yaml", "heron.class.scheduler: a.Local\nolder.directory: /older\n")
        let layers = try ConfigLoader(environment: alice, knownKeys: [plugin]).client(ClientSource(folder, []))
        #expect(layers.warnings.isEmpty)
        #expect(try layers.local().entry("far.directory") == nil)
    }

    @Test func aKeyWithoutValueChangesNothing() throws {
        try folder.write("local/scheduler.yaml", "heron.scheduler.is.service:\n")
        #expect(try local().bool(.schedulerIsService))
    }

    @Test func wrongTypes() throws {
        try folder.write("local/scheduler.yaml", "\nheron.scheduler.is.service: 'yes'\n")
        let place = "\(folder.path)/local/scheduler.yaml:2: heron.scheduler.is.service"
        #expect(message { try local() } == "\(place) must be true or false (without quotes), but is a string: yes")
        try folder.write("local/scheduler.yaml", "heron.statemgr.root.path: 5\n")
        #expect(
            message { try local() }.hasSuffix("root.path must be a string (put it in quotes), but is an integer: 5")
        )
        try folder.write("local/scheduler.yaml", "heron.statefulstorage.config: [a]\n")
        #expect(message { try local() }.hasSuffix("config must be a map, but is a list: ['a']"))
        try folder.write("local/scheduler.yaml", "heron.uploader.s3.secret_key: 12345\n")
        #expect(!message { try local() }.contains("12345"))
        try folder.write("local/scheduler.yaml", "")
        let property = ConfigProperty(key: "heron.resources.instance.ram", value: "1G")
        let expected =
            "--config-property: heron.resources.instance.ram must be a number of bytes, 0 or more, but is a string: 1G"
        #expect(message { try local([property]) } == expected)
        let number = ConfigProperty(key: "heron.resources.instance.ram", value: "2048")
        #expect(try local([number]).bytes(.instanceRAM) == 2048)
    }

    @Test(arguments: ["scheduler", "heron_internals", "metrics_sinks"])
    func malformedFiles(_ file: String) throws {
        try folder.write("local/\(file).yaml", "a: 1\nb: [\n")
        #expect(message { try local() }.hasPrefix("\(folder.path)/local/\(file).yaml:3: "))
    }

    @Test func aFileThatIsAFolder() throws {
        try folder.write("local/scheduler.yaml/x", "")
        #expect(message { try local() } == "\(folder.path)/local/scheduler.yaml: is not a regular file")
    }

    @Test func unknownKeys() throws {
        try folder.write("local/scheduler.yaml", "\nheron.scheduler.is.servise: true\nacme.queue: a\nacme.limt: 1\n")
        try folder.write("local/heron_internals.yaml", "heron.streammgr.any: 1\n")
        try folder.write("local/healthmgr.yaml", "heron.class.health.policies: [my-policy]\nmy-policy: {a: b}\n")
        let plugin = [KnownKey("acme.queue", .string, default: "low"), KnownKey("acme.limit", .integer, default: 3)]
        let properties = ["heron.streammgr.any", "heron.streammgr.ony"].map { ConfigProperty(key: $0, value: "2") }
        let layers = try ConfigLoader(environment: alice, knownKeys: plugin).client(ClientSource(folder, properties))
        let file = "\(folder.path)/local/scheduler.yaml"
        #expect(
            layers.warnings == [
                "\(file):2: unknown key 'heron.scheduler.is.servise'; did you mean 'heron.scheduler.is.service'?",
                "\(file):4: unknown key 'acme.limt'; did you mean 'acme.limit'?",
                "--config-property: unknown key 'heron.streammgr.ony'; did you mean 'heron.streammgr.any'?",
            ]
        )
        #expect(try layers.local().int(.init("acme.limit")) == 3)
        #expect(try layers.local().string(.init("acme.queue")) == "a")
    }

    @Test func misspeltTokens() throws {
        try folder.write("local/statemgr.yaml", "heron.statemgr.root.path: ${HOEM}/state\n")
        let warning = "heron.statemgr.root.path: '${HOEM}' is not a token; did you mean '${HOME}'?"
        #expect(
            try loader.client(ClientSource(folder)).warnings == ["\(folder.path)/local/statemgr.yaml:1: \(warning)"]
        )
    }

    @Test func valuesAddedLater() throws {
        var layers = try loader.client(ClientSource(folder))
        layers.set(try TopologyKeys(id: "WC1", name: "WC", binaryFile: "wc.py"))
        layers.set(Config.Key<String>.topologyPackageURI, "file://${HOME}/p.tar.gz", .topology)
        let config = try layers.local()
        #expect(try config.string(.topologyPackageURI) == "file:///home/alice/p.tar.gz")
        #expect(try config.string(.localWorkingDirectory).hasSuffix("/local/alice/WC"))
    }
}
