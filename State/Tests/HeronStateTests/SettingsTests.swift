import Testing
import ZooKeeperClient

@testable import HeronState

/// What Heron's configuration keys say about the state.
struct SettingsTests {
    private static let managerClass = "heron.class.state.manager"
    private static let connection = "heron.statemgr.connection.string"
    private static let root = "heron.statemgr.root.path"
    private static let auth = "heron.statemgr.zookeeper.auth"
    private static let localClass = "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager"
    private static let zooKeeperClass = "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager"

    /// Usable keys for ZooKeeper, and some more.
    private static func zooKeeper(_ more: [String: String] = [:]) -> [String: String] {
        [managerClass: zooKeeperClass, connection: "a:2181", root: "/heron"].merging(more) { $1 }
    }

    @Test("Old and new class names name the same", arguments: ["org.apache.heron", "com.twitter.heron"])
    func vendors(_ vendor: String) throws {
        let files = try StateSettings(keys: [
            Self.managerClass: "\(vendor).statemgr.localfs.LocalFileSystemStateManager",
            Self.connection: "LOCALMODE",
            Self.root: "/home/alice/.herondata/repository/state/local",
            "heron.statemgr.localfs.is.initialize.file.tree": "False",
            "heron.something.else": "1",
        ])
        #expect(try files.backEnd() == .localFiles)
        #expect(files.rootPath == "/home/alice/.herondata/repository/state/local")
        #expect(!files.initializeTree)
        #expect(files.timeout == .seconds(5))
        let servers = try StateSettings(
            keys: Self.zooKeeper([
                Self.managerClass: "\(vendor).statemgr.zookeeper.curator.CuratorStateManager",
                "heron.statemgr.zookeeper.is.initialize.tree": "false",
            ])
        )
        #expect(try servers.backEnd() == .zooKeeper)
        #expect(!servers.initializeTree)
    }

    @Test("Without keys for ZooKeeper, Heron's values count")
    func defaults() throws {
        #expect(try StateSettings(keys: [Self.root: "/x"]).initializeTree)
        let options = try StateSettings(keys: Self.zooKeeper()).zooKeeperOptions { _ in nil }
        #expect(options.sessionTimeout == .seconds(30))
        #expect(options.connectionTimeout == .seconds(30))
        #expect(options.retryCount == 10)
        #expect(options.retryInterval == .seconds(10))
        #expect(options.credentials == nil)
    }

    @Test("The keys for ZooKeeper reach its client")
    func values() throws {
        let settings = try StateSettings(
            keys: Self.zooKeeper([
                Self.connection: "a, b:2182/c",
                "heron.statemgr.zookeeper.session.timeout.ms": "4000",
                "heron.statemgr.zookeeper.connection.timeout.ms": "1500",
                "heron.statemgr.zookeeper.retry.count": "0",
                "heron.statemgr.zookeeper.retry.interval.ms": "1",
                "heron.statemgr.is.tunnel.needed": "True",
                "zookeeper.client.secure": "false",
                "\(Self.auth).scheme": "digest",
            ])
        )
        #expect(settings.zooKeeper.isTunnelWanted)
        let options = try settings.zooKeeperOptions { $0 == "HERON_ZOOKEEPER_AUTH" ? "alice:p" : nil }
        #expect(options.connection.servers == [.init(host: "a", port: 2181), .init(host: "b", port: 2182)])
        #expect(options.connection.chroot == "/c")
        #expect(options.sessionTimeout == .milliseconds(4000))
        #expect(options.connectionTimeout == .milliseconds(1500))
        #expect(options.retryCount == 0)
        #expect(options.retryInterval == .milliseconds(1))
        #expect(options.credentials == ZooKeeperCredentials(user: "alice", password: "p"))
    }

    @Test(
        "Each unusable setting is named",
        arguments: [
            ([:], "\(root): is not set"),
            ([root: ""], "\(root): is not set"),
            ([root: "relative"], "\(root): 'relative' is not an absolute path; begin it with /"),
            (zooKeeper([root: "heron"]), "\(root): 'heron' is not an absolute path; begin it with /"),
            ([root: "/a/${CLUSTER}"], "\(root): '/a/${CLUSTER}' contains a token that nothing replaced"),
            ([root: "/a/../b"], "\(root): '..' cannot be a part of it"),
            (
                [root: "/a", "heron.statemgr.localfs.is.initialize.file.tree": "yes"],
                "heron.statemgr.localfs.is.initialize.file.tree: 'yes' is neither true nor false"
            ),
            (
                [root: "/a", managerClass: "org.apache.heron.statemgr.NullStateManager"],
                "\(managerClass): there is no state manager 'org.apache.heron.statemgr.NullStateManager'; "
                    + "use \(localClass) or \(zooKeeperClass)"
            ),
            (
                [root: "/a", managerClass: localClass, connection: "h:2181"],
                "\(connection): 'h:2181' is a server, but the state manager keeps files on this machine; "
                    + "set it to LOCALMODE"
            ),
            (
                zooKeeper([connection: "LOCALMODE"]),
                "\(connection): names no ZooKeeper server; set it to host:port[,host:port]"
            ),
            (
                zooKeeper([connection: "a:0"]),
                "\(connection): 'a:0' has no port from 1 to 65535; set it to host:port[,host:port][/chroot]"
            ),
        ] as [([String: String], String)]
    )
    func badSettings(_ keys: [String: String], _ message: String) async {
        let error = await expectError(.badConfiguration) { _ = try StateSettings(keys: keys) }
        #expect(error?.description == message)
    }

    @Test(
        "A number must be whole and within reason",
        arguments: [
            ("session.timeout.ms", "100 to 3600000", ["0", "99", "3600001", "-1"]),
            ("connection.timeout.ms", "1 to 3600000", ["0", "99999999999999999999"]),
            ("retry.count", "0 to 1000", ["-1", "1001"]),
            ("retry.interval.ms", "1 to 3600000", ["0", "3600001"]),
        ]
    )
    func badNumbers(_ key: String, _ range: String, _ values: [String]) async {
        for value in values + ["", "1.5", "30s", " 5"] {
            let keys = Self.zooKeeper(["heron.statemgr.zookeeper.\(key)": value])
            let error = await expectError(.badConfiguration) { _ = try StateSettings(keys: keys) }
            let name = "heron.statemgr.zookeeper.\(key)"
            #expect(error?.description == "\(name): '\(value)' is not a whole number from \(range)")
        }
        // In a file state they are not looked at.
        _ = try? StateSettings(keys: [Self.root: "/x", "heron.statemgr.zookeeper.\(key)": "x"])
    }

    @Test(
        "Protection that the client does not have is refused",
        arguments: [
            "zookeeper.client.secure", "zookeeper.ssl.keyStore.location", "zookeeper.sasl.client",
            "heron.statemgr.zookeeper.ssl.enabled", "heron.statemgr.zookeeper.tls.cert",
            "heron.statemgr.zookeeper.sasl",
        ]
    )
    func noTLS(_ key: String) async {
        let error = await expectError(.badConfiguration) {
            _ = try StateSettings(keys: Self.zooKeeper([key: "true"]))
        }
        #expect(
            error?.description == "\(key): heron's client of ZooKeeper has neither TLS nor SASL; "
                + "see docs/zookeeper.md for a tunnel"
        )
    }

    @Test("Only the scheme digest is there", arguments: ["sasl", "x509", "kerberos", "ip", "world", "Digest", ""])
    func schemes(_ scheme: String) async {
        let error = await expectError(.badConfiguration) {
            _ = try StateSettings(keys: Self.zooKeeper(["\(Self.auth).scheme": scheme]))
        }
        #expect(
            error?.description == "\(Self.auth).scheme: '\(scheme)' is not supported; set it to digest; "
                + "for more protection, see docs/zookeeper.md for a tunnel"
        )
    }

    @Test(
        "A password in the configuration is refused, and not shown",
        arguments: ["\(auth).password", "\(auth).credentials", auth, "heron.statemgr.zookeeper.Password"]
    )
    func passwords(_ key: String) async {
        for base in [Self.zooKeeper(), [Self.root: "/x"]] {
            let error = await expectError(.badConfiguration) {
                _ = try StateSettings(keys: base.merging([key: "alice:hush"]) { $1 })
            }
            #expect(
                error?.description == "\(key): there is no such key, and credentials do not belong into the "
                    + "configuration; put user:password into a file that only you may read and name it with "
                    + "\(Self.auth).file, or set HERON_ZOOKEEPER_AUTH"
            )
        }
    }

    @Test("Unusable settings do not open a state")
    func opening() async {
        for settings in [
            StateSettings(connection: "", rootPath: "x"), StateSettings(connection: "a:2181", rootPath: "heron"),
            StateSettings(connection: ",", rootPath: "/heron"),
        ] {
            await expectError(.badConfiguration) { _ = try await openStateManager(settings) { _, _ in } }
        }
    }
}
