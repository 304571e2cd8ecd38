import HeronYAML
import RuntimeConfig
import Testing

@testable import HeronConfig

/// The configuration in `conf/local`.
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

    /// Whoever deletes a line of `heron_internals.yaml` must get what the line said.
    @Test func runtimeDefaultsAreTheFilesValues() throws {
        let file = "\(repository)/conf/local/heron_internals.yaml"
        #expect(try RuntimeConfig(internalsFile: file, overrideFile: nil) == RuntimeConfig.defaults())
    }
}
