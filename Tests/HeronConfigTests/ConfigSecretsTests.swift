import Files
import Testing

@testable import HeronConfig

/// What of a configuration stays out of packages, and comes to the scheduler all the same.
@Suite struct ConfigSecretsTests {
    private let folder: TemporaryFolder
    private let loader = ConfigLoader(
        environment: alice,
        knownKeys: [
            KnownKey("far.address", .string, aliases: ["older.address"], secret: .value),
            KnownKey("far.key", .string, secret: .file), KnownKey("far.name", .string),
        ]
    )

    init() throws { folder = try TemporaryFolder() }

    private func secrets(_ properties: [ConfigProperty] = []) throws -> ConfigSecrets {
        try loader.client(ClientSource(folder, properties)).secrets()
    }

    @Test func keysAreKnownByAllTheirNames() throws {
        #expect(try secrets().keys == ["far.address", "older.address"])
        #expect(try secrets().files == [])
    }

    @Test func filesThatAreOverriddenStaySecret() throws {
        try folder.write("local/scheduler.yaml", "far.key: ${HERON_CONF}/key\nfar.name: /etc/name\n")
        try folder.write("local/statemgr.yaml", "heron.statemgr.zookeeper.auth.file: ~/auth\n")
        try folder.write("local/client.yaml", "far.address: file:///etc/address\n")
        let property = ConfigProperty(key: "far.key", value: "/mine")
        #expect(
            try secrets([property]).files == ["\(folder.path)/local/key", "/mine", "/home/alice/auth", "/etc/address"]
        )
    }

    @Test func theSchedulerGetsWhatThePackageHasNot() throws {
        try folder.write("local/scheduler.yaml", "far.address: zk://u:hush@h/a\nfar.key: ${HERON_CONF}/key\n")
        try folder.write("heron-conf/scheduler.yaml", "far.key: ${HERON_CONF}/key\nfar.name: x\n")
        try secrets().giveToScheduler(in: folder.path)
        let status = try FileStatus(following: "\(folder.path)/.heron-scheduler.yaml")
        #expect(status.permissions == 0o600)
        let source = ClusterSource(workingDirectory: folder.path, command: .local)
        let layers = try loader.cluster(source)
        #expect(layers.warnings == [])
        let texts = try layers.cluster().texts
        #expect(texts["far.address"] == "zk://u:hush@h/a")
        #expect(texts["far.key"] == "\(folder.path)/local/key")
        #expect(texts["far.name"] == "x")
    }

    @Test func theSchedulerWorksInAnotherDirectory() throws {
        let properties = [
            ConfigProperty(key: "far.key", value: "conf/key"), ConfigProperty(key: "far.address", value: "conf/key"),
        ]
        try secrets(properties).giveToScheduler(in: folder.path)
        let texts = try loader.cluster(ClusterSource(workingDirectory: folder.path, command: .local)).cluster().texts
        #expect(texts["far.key"] == (try absolutePath("conf/key")))
        #expect(texts["far.address"] == "conf/key")
    }

    @Test func aDefaultIsAsSecretAsAnyValue() throws {
        let key = KnownKey("far.key", .string, default: "${HERON_CONF}/key", secret: .file)
        let loader = ConfigLoader(environment: alice, knownKeys: [key])
        let secrets = try loader.client(ClientSource(folder)).secrets()
        #expect(secrets.files == ["\(folder.path)/local/key"])
        try secrets.giveToScheduler(in: folder.path)
        let config = try loader.cluster(ClusterSource(workingDirectory: folder.path, command: .local)).cluster()
        #expect(try config.string(.init("far.key")) == "\(folder.path)/local/key")
    }

    @Test func nothingIsWrittenWhereNothingIsSecret() throws {
        try folder.write("local/scheduler.yaml", "far.name: x\n")
        try secrets().giveToScheduler(in: folder.path)
        #expect(try FileStatus.ifPresent("\(folder.path)/.heron-scheduler.yaml") == nil)
    }

    @Test func messagesDoNotTellThem() throws {
        try folder.write("local/scheduler.yaml", "far.address: zk://u:hu${SH}@h/a\n")
        #expect(try loader.client(ClientSource(folder)).warnings == [])
    }
}
