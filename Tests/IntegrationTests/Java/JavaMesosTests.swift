import Testing

/// The jar of `JavaTopologyTests`, unchanged, on a Mesos cluster.
@Suite(.serialized, .enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct JavaMesosTests {
    /// The command of Heron's guide.
    @Test(arguments: [
        "com.twitter.heron.examples.MultiSpoutExclamationTopology",
        "org.apache.heron.examples.api.MultiSpoutExclamationTopology",
    ])
    func livesFromSubmitToKill(className: String) async throws {
        try await MesosCluster.use { cluster in
            let topology = try await JavaTopology.submit(
                cluster.user,
                className,
                cluster: MesosCluster.place,
                clusterOptions: cluster.options
            )
            try await topology.expectFlow("on Mesos")
            #expect(try await topology.heron("deactivate").status.isSuccess)
            try await topology.expectStandstill()
            #expect(try await topology.heron("activate").status.isSuccess)
            try await topology.expectFlow("on Mesos after activate")
            try await topology.kill()
        }
    }
}
