import HeronState
import Testing

/// Settings, paths, errors and secrets.
struct ValueTests {
    private let localClass = "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager"
    private let zooKeeperClass = "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager"

    @Test("Heron's keys make settings, with old and new class names")
    func settings() throws {
        for vendor in ["org.apache.heron", "com.twitter.heron"] {
            let settings = try StateSettings(keys: [
                "heron.class.state.manager": "\(vendor).statemgr.localfs.LocalFileSystemStateManager",
                "heron.statemgr.connection.string": "LOCALMODE",
                "heron.statemgr.root.path": "/home/alice/.herondata/repository/state/local",
                "heron.statemgr.localfs.is.initialize.file.tree": "False",
                "heron.something.else": "1",
            ])
            #expect(settings.rootPath == "/home/alice/.herondata/repository/state/local")
            #expect(!settings.initializeTree)
            #expect(settings.timeout == .seconds(5))
        }
        #expect(try StateSettings(keys: ["heron.statemgr.root.path": "/x"]).initializeTree)
        let keys = [
            "heron.class.state.manager": zooKeeperClass, "heron.statemgr.connection.string": "a:2181",
            "heron.statemgr.root.path": "/heron", "heron.statemgr.zookeeper.is.initialize.tree": "false",
        ]
        #expect(try !StateSettings(keys: keys).initializeTree)
    }

    @Test("Each unusable setting is named")
    func badSettings() async throws {
        let root = "heron.statemgr.root.path"
        let connection = "heron.statemgr.connection.string"
        let name = "heron.class.state.manager"
        let tree = "heron.statemgr.localfs.is.initialize.file.tree"
        let cases: [(keys: [String: String], message: String)] = [
            ([:], "\(root): is not set"),
            ([root: ""], "\(root): is not set"),
            ([root: "relative"], "\(root): 'relative' is not an absolute path; begin it with /"),
            ([root: "/a/${CLUSTER}"], "\(root): '/a/${CLUSTER}' contains a token that nothing replaced"),
            ([root: "/a/../b"], "\(root): '..' cannot be a part of it"),
            ([root: "/a", tree: "yes"], "\(tree): 'yes' is neither true nor false"),
            (
                [root: "/a", name: "org.apache.heron.statemgr.NullStateManager"],
                "\(name): there is no state manager 'org.apache.heron.statemgr.NullStateManager'; use \(localClass)"
            ),
            (
                [root: "/a", name: localClass, connection: "h:2181"],
                "\(connection): 'h:2181' is a server, but the state manager keeps files on this machine; set it to LOCALMODE"
            ),
            (
                [root: "/a", name: zooKeeperClass, connection: "LOCALMODE"],
                "\(connection): names no ZooKeeper server; set it to host:port[,host:port]"
            ),
        ]
        for (keys, message) in cases {
            let error = await expectError(.badConfiguration) { _ = try StateSettings(keys: keys) }
            #expect(error?.description == message)
        }
    }

    @Test("State in ZooKeeper is refused clearly")
    func zooKeeper() async throws {
        let settings = StateSettings(connection: "a:2181", rootPath: "/heron")
        let error = await expectError(.badConfiguration) { _ = try await openStateManager(settings) { _, _ in } }
        #expect(error?.description.contains("not supported yet") == true)
        await expectError(.badConfiguration) {
            _ = try await openStateManager(StateSettings(connection: "", rootPath: "x")) { _, _ in }
        }
    }

    @Test(
        "No name leads out of its directory",
        arguments: ["", ".", "..", "a/b", "a\u{0}", "a\n", "\u{7F}", "\u{FFFE}"]
    )
    func names(_ name: String) async {
        await expectError(.invalidPath) { _ = try StatePath(.topologies, name) }
        await expectError(.invalidPath) { _ = try StatePath(own: name) }
        await expectError(.invalidPath) { _ = try StatePath(own: "T", name) }
    }

    @Test("Names may have 255 bytes")
    func lengths() async throws {
        _ = try StatePath(.topologies, String(repeating: "n", count: 255))
        await expectError(.invalidPath) { _ = try StatePath(.topologies, String(repeating: "n", count: 256)) }
        await expectError(.invalidPath) { _ = try StatePath([]) }
    }

    @Test("A secret is random, checked, and does not show itself")
    func secrets() {
        let secret = TopologySecret.random()
        #expect(secret.text.count == 64)
        #expect(secret != TopologySecret.random())
        #expect(TopologySecret(text: secret.text) == secret)
        #expect(TopologySecret(text: secret.text + "0") == nil)
        #expect(TopologySecret(text: secret.text.uppercased() + "g") == nil)
        #expect(secret.matches(secret.text))
        #expect(!secret.matches(String(secret.text.dropLast())))
        #expect(!secret.matches(String(secret.text.dropLast()) + "x"))
        #expect(!"\(secret) \(String(reflecting: secret)) \([secret])".contains(secret.text))
    }
}
