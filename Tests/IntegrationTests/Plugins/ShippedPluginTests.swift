import Testing

extension TopologyTests {
    /// Every plugin of the distribution keeps the rules that others' plugins are held to.
    @Suite struct ShippedPluginTests {
        private static let plugins = ["aurora", "local", "mesos", "slurm"]

        @Test(arguments: plugins)
        func keepsAllRules(_ plugin: String) async throws {
            // Nobody listens on port 1.
            let settings = ["heron.mesos.master.uri=127.0.0.1:1", "heron.mesos.framework.staging.timeout.ms=1000"]
            let options = plugin == "mesos" ? settings.flatMap { ["--config-property", $0] } : []
            try await User.use { user in
                let folder = try #require(Installation.home) + "/lib/plugins/" + plugin
                let check = try await user.run(["plugin", "check", folder] + options)
                #expect(check.status.isSuccess && check.output.contains(" ok, 0 failed, 0 skipped"), "\(check)")
            }
        }

        @Test func noneIsLeftOut() async throws {
            try await User.use { user in
                let names = try await user.heron("plugin", "list").output.split(separator: "\n").dropFirst()
                    .compactMap { $0.split(separator: " ").first.map(String.init) }
                #expect(names == ShippedPluginTests.plugins)
            }
        }
    }
}
