import Testing

@testable import RuntimeConfig

@Suite struct RuntimeConfigTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func config(_ internals: String, _ override: String? = nil) throws -> RuntimeConfig {
        try folder.write("i.yaml", internals)
        if let override { try folder.write("o.yaml", override) }
        return try RuntimeConfig(internalsFile: "\(folder.path)/i.yaml", overrideFile: "\(folder.path)/o.yaml")
    }

    @Test func theOverrideWins() throws {
        let internals = "heron.streammgr.cache.drain.frequency.ms: 10\nheron.logging.maximum.size.mb: 7\n"
        let result = try config(internals, "heron.streammgr.cache.drain.frequency.ms: '25'\n")
        #expect(result.streamManager.drainInterval == .milliseconds(25))
        #expect(result.logging.maximumSize == 7 << 20)
        #expect(result.topologyManager.streamManagerTimeout == .seconds(60))
        #expect(result.topologyManager.metricsRetention == .seconds(10_800))
    }

    @Test func olderNames() throws {
        let result = try config(
            """
            heron.tmaster.stmgr.state.timeout.sec: 5
            heron.tmaster.network.master.options.maximum.packet.mb: 3
            heron.streammgr.client.reconnect.tmaster.interval.sec: 4
            heron.check.tmaster.location.interval.sec: 6
            heron.tmaster.establish.retry.times: 1
            heron.tmanager.establish.retry.times: 2
            """
        )
        #expect(result.topologyManager.streamManagerTimeout == .seconds(5))
        #expect(result.topologyManager.maximumPacketSize == 3 << 20)
        #expect(result.streamManager.topologyManagerReconnectInterval == .seconds(4))
        #expect(result.streamManager.topologyManagerLocationCheckInterval == .seconds(6))
        #expect(result.topologyManager.establishAttempts == 2)
    }

    @Test func badValues() {
        func error(_ internals: String) -> String {
            message { try config(internals) }.replacing("\(folder.path)/", with: "")
        }
        let drain = "heron.streammgr.cache.drain.frequency.ms"
        #expect(error("\n\(drain): soon\n") == "i.yaml:2: \(drain) must be a whole number above 0, but is 'soon'")
        #expect(error("\(drain): 0\n") == "i.yaml:1: \(drain) must be a whole number above 0, but is 0")
        #expect(error("\(drain): 99999999999\n").hasSuffix("but is 99999999999"))
        #expect(error("heron.logging.directory: [a]\n").hasSuffix("must be a string, but is a list"))
        #expect(
            error("heron.tmanager.metrics.network.bindallinterfaces: 1\n").hasSuffix("must be true or false, but is 1")
        )
        let water = "heron.streammgr.network.backpressure"
        #expect(
            error("\(water).lowwatermark.mb: 101\n")
                == "i.yaml:1: \(water).lowwatermark.mb must not be above \(water).highwatermark.mb"
        )
        #expect(error("\(water).highwatermark.mb: 49\n").hasPrefix("i.yaml:1: "))
        #expect(message { try RuntimeConfig(internalsFile: "/no/i.yaml", overrideFile: nil) }.hasPrefix("/no/i.yaml: "))
    }

    @Test func stateSettings() throws {
        try folder.write(
            "s.yaml",
            """
            heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
            heron.statemgr.connection.string: unused
            heron.statemgr.root.path: ~/state/${CLUSTER}/x${HOME}
            heron.statemgr.localfs.is.initialize.file.tree: True
            heron.statemgr.zookeeper.retry.count: 3
            heron.statemgr.zookeeper.auth.file: ${HERON_CONF}/auth
            zookeeper.client.secure: false
            another.key: [1]
            """
        )
        try folder.write("o.yaml", "heron.statemgr.zookeeper.retry.count: '4'\nx: ${NO}\n")
        func settings() throws -> [String: String] {
            try RuntimeConfig.stateSettings(
                configFile: "\(folder.path)/s.yaml",
                overrideFile: "\(folder.path)/o.yaml",
                connection: "LOCALMODE",
                tokens: StateTokens(home: "/home/alice", javaHome: nil, cluster: "local")
            )
        }
        #expect(
            try settings() == [
                "heron.class.state.manager": "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager",
                "heron.statemgr.connection.string": "LOCALMODE",
                "heron.statemgr.root.path": "/home/alice/state/local/x/home/alice",
                "heron.statemgr.localfs.is.initialize.file.tree": "true",
                "heron.statemgr.zookeeper.retry.count": "4",
                "heron.statemgr.zookeeper.auth.file": "${HERON_CONF}/auth",
                "zookeeper.client.secure": "false",
            ]
        )
        try folder.write("o.yaml", "heron.statemgr.root.path: /x/${ROLE}/y\n")
        #expect(
            message(settings) == "\(folder.path)/o.yaml:1: heron.statemgr.root.path: '${ROLE}' has no value here; "
                + "~, ${HOME}, ${CLUSTER} and ${JAVA_HOME} can be used"
        )
        try folder.write("o.yaml", "heron.statemgr.root.path: [a]\n")
        #expect(message(settings).hasSuffix("must be a string or a number, but is a list"))
    }
}
