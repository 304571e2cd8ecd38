import Testing

extension TopologyTests {
    /// A scheduler and a launcher in C, compiled against the headers of the distribution, and against those of the
    /// oldest minor version, run a topology.
    @Test(arguments: [nil, "1.0"]) func aPluginWrittenInCRunsATopology(abi: String?) async throws {
        try await User.use { user in
            try await CPlugin.install(user, abi: abi)
            let explained = try await user.heron("plugin", "list", "--explain")
            #expect(explained.output.contains("c-local/plugin.yaml: taken"), "\(explained)")
            let topology = try await CountingTopology.submit(user, bolts: 2, options: CPlugin.options)
            try await topology.expectFlow("under the scheduler written in C")
            let result = try await user.heron("kill", "local", topology.name)
            #expect(result.status.isSuccess, "\(result)")
            try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
            #expect(try await topology.nodes() == [])
        }
    }
}
