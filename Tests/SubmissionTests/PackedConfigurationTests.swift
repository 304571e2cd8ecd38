import Files
import Glibc
import HeronConfig
import PackageFiles
import Synchronization
import Testing

@testable import Submission

/// That nothing secret of the cluster's configuration folder is packed.
@Suite struct PackedConfigurationTests {
    private let folder: Folder
    private let warnings = Warnings()
    private let keys = [
        KnownKey("far.address", .string, secret: .value), KnownKey("far.key.file", .string, secret: .file),
    ]

    private final class Warnings: Sendable {
        let all = Mutex<[String]>([])
    }

    init() throws {
        folder = try Folder()
        for name in ["conf", "copies"] { _ = try createFolders("\(folder.path)/\(name)") }
    }

    /// Packs the folder and unpacks it again below `out`.
    private func pack(_ properties: [ConfigProperty] = []) throws {
        let source = ClientSource(
            home: folder.path,
            directory: "\(folder.path)/conf",
            properties: properties,
            command: CommandKeys(place: ClusterRoleEnviron(cluster: "c", role: "r", environ: "e"))
        )
        let loader = ConfigLoader(
            environment: UserEnvironment(home: folder.path, javaHome: "", loginName: "alice"),
            knownKeys: keys
        )
        let configuration = PackedConfiguration(
            try loader.client(source).secrets(),
            copies: "\(folder.path)/copies"
        ) { [warnings] warning in warnings.all.withLock { $0.append(warning) } }
        try TopologyPackage(
            topologyFile: folder.write("a.py", "pass\n"),
            definitionFile: folder.write("A.defn", "definition"),
            configurationFolder: "\(folder.path)/conf",
            releaseFile: folder.write("release.yaml", ""),
            overrideFile: folder.write("override.yaml", ""),
            choose: configuration.choose
        ).write(to: "\(folder.path)/package.tar.gz")
        try unpackPackage(at: "\(folder.path)/package.tar.gz", into: "\(folder.path)/out")
    }

    private func packed(_ name: String) throws -> String? { try folder.text("out/heron-conf/\(name)") }

    @Test func secretFilesStayAtHomeWhateverTheyAreCalled() throws {
        try folder.write("conf/scheduler.yaml", "far.key.file: ${HERON_CONF}/also\n")
        try folder.write("conf/statemgr.yaml", "heron.statemgr.zookeeper.auth.file: ${HERON_CONF}/auth\n")
        try folder.write("conf/key", "hush")
        try folder.write("conf/auth", "alice:hush")
        try folder.write("conf/mine", "hush")
        try folder.write("conf/word", "no secret")
        #expect(symlink("key", "\(folder.path)/conf/also") == 0)
        try pack([ConfigProperty(key: "far.key.file", value: .string("\(folder.path)/conf/mine"))])
        for name in ["key", "also", "auth", "mine"] { #expect(try packed(name) == nil, "\(name)") }
        #expect(try packed("word") == "no secret")
        #expect(try packed("scheduler.yaml") == "far.key.file: ${HERON_CONF}/also\n")
        #expect(warnings.all.withLock { $0 } == [])
    }

    @Test func secretValuesAreNotPacked() throws {
        try folder.write(
            "conf/scheduler.yaml",
            "# far.address: zk://u:older@h/a\nfar.address: zk://u:hush@h/a\nfar.count: 3\nfar.list: [a, {b: c}]\n"
        )
        try folder.write("conf/client.yaml", "# far.address: zk://u:oldest@h/a\n")
        try folder.write("conf/packing.yaml", "# as it is\nfar.other: 1\n")
        try pack()
        #expect(try packed("scheduler.yaml") == "far.count: 3\nfar.list: ['a', {'b': 'c'}]\n")
        #expect(try packed("client.yaml") == "{}\n")
        #expect(try packed("packing.yaml") == "# as it is\nfar.other: 1\n")
        #expect(warnings.all.withLock { $0 } == [])
    }

    @Test(arguments: ["I set far.address: zk://u:hush@h/a\nthen: [\n", "old: far.address was zk://u:hush@h/a\n"])
    func whatMayHoldASecretValueIsLeftOutWithAWarning(notes: String) throws {
        try folder.write("conf/notes", notes)
        try pack()
        #expect(try packed("notes") == nil)
        #expect(
            warnings.all.withLock { $0 } == [
                "\(folder.path)/conf/notes is not packed: it mentions far.address, whose value is secret, and not as a "
                    + "key of a YAML file"
            ]
        )
    }
}
