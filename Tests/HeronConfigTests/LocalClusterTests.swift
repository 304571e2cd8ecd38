import HeronYAML
import RuntimeConfig
import Testing

@testable import HeronConfig

/// The configuration in `conf/local`, and what `conf/localzk` changes.
@Suite struct LocalClusterTests {
    private func layers() throws -> ConfigLayers {
        let source = ClientSource(home: "/opt/heron", directory: "\(repository)/conf/local", command: .local)
        return try ConfigLoader(environment: alice).client(source)
    }

    @Test func isClean() throws {
        #expect(try layers().warnings.isEmpty)
        #expect(
            try ClusterDirectory(cluster: "local", in: "\(repository)/conf").clientRequirements()
                == ClientRequirements()
        )
    }

    @Test func saysWhatHeronsDoes() throws {
        let config = try layers().local()
        #expect(try config.string(.launcherClass) == "org.apache.heron.scheduler.local.LocalLauncher")
        #expect(try config.string(.stateRoot) == "/home/alice/.herondata/repository/state/local")
        #expect(try config.string(.corePackageDirectory) == "/opt/heron/dist/heron-core")
        #expect(try config.bool(.usesCorePackageURI) == false)
        #expect(try config.string(.healthManagerMode) == "disabled")
        #expect(try config.string(.metricsCacheMode) == "disabled")
    }

    /// `scripts/dist.sh` lays the files of `localzk` over those of `local`.
    @Test func keepsTheStateInZooKeeper() throws {
        let loader = ConfigLoader(environment: alice)
        let source = ClientSource(home: "/opt/heron", directory: "\(repository)/conf/localzk", command: .local)
        let layers = try loader.client(source)
        #expect(layers.warnings.isEmpty)
        let config = try layers.local()
        let className = "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager"
        #expect(try config.string(.stateManagerClass) == className)
        #expect(
            config.texts.filter { $0.key.hasPrefix("heron.statemgr.") && !$0.key.contains(".tunnel.") } == [
                "heron.statemgr.connection.string": "127.0.0.1:2181",
                "heron.statemgr.root.path": "/heron",
                "heron.statemgr.localfs.is.initialize.file.tree": "true",
                "heron.statemgr.zookeeper.is.initialize.tree": "true",
                "heron.statemgr.zookeeper.session.timeout.ms": "30000",
                "heron.statemgr.zookeeper.connection.timeout.ms": "30000",
                "heron.statemgr.zookeeper.retry.count": "10",
                "heron.statemgr.zookeeper.retry.interval.ms": "10000",
            ]
        )
        #expect(config.texts["heron.statemgr.is.tunnel.needed"] == "false")
    }

    /// Whoever deletes a line of `heron_internals.yaml` must get what the line said.
    @Test func runtimeDefaultsAreTheFilesValues() throws {
        let file = "\(repository)/conf/local/heron_internals.yaml"
        #expect(try RuntimeConfig(internalsFile: file, overrideFile: nil) == RuntimeConfig.defaults())
    }
}
