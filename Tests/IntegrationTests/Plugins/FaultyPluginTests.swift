import Glibc
import Testing

extension TopologyTests {
    /// Plugins that crash or hang: the message names them, and the topology can be killed.
    @Suite struct FaultyPluginTests {
        /// The command line of a submission under the plugin, with a short deadline for its calls.
        private let submission =
            ["submit", "local", CountingTopology.file, "-", "Counting", "1", "1", "1", "shuffle"] + CPlugin.options + [
                "--config-property", "heron.plugin.call.deadline.ms=3000",
            ]

        private func expectNothing(_ user: User) async throws {
            try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
            let topology = CountingTopology(user: user, name: "Counting")
            #expect(try await topology.nodes() == [])
        }

        @Test func aCrashInTheLauncherLeavesWhatKillCleans() async throws {
            try await User.use { user in
                try await CPlugin.install(user, fault: .crash("launcher_launch"))
                let result = try await user.run(submission)
                #expect(result.status == .signaled(SIGSEGV), "\(result)")
                #expect(result.error.contains("plugin c-local crashed in launch (SIGSEGV)"), "\(result)")
                let kill = try await user.run(["kill", "local", "Counting"] + CPlugin.options)
                #expect(kill.status.isSuccess, "\(kill)")
                try await expectNothing(user)
            }
        }

        @Test func aCrashInTheSchedulerIsToldAndUndone() async throws {
            try await User.use { user in
                try await CPlugin.install(user, fault: .crash("scheduler_on_schedule"))
                let result = try await user.run(submission)
                #expect(result.status == .exited(1), "\(result)")
                #expect(result.error.contains("plugin c-local crashed in on_schedule (SIGSEGV)"), "\(result)")
                try await expectNothing(user)
            }
        }

        @Test(arguments: [("launcher_launch", "launch"), ("scheduler_on_schedule", "on_schedule")])
        func aCallThatDoesNotReturnIsToldAndUndone(function: String, name: String) async throws {
            try await User.use { user in
                try await CPlugin.install(user, fault: .hang(function))
                let result = try await user.run(submission)
                #expect(result.status == .exited(1), "\(result)")
                let message = "plugin c-local: \(name): has not returned within 3.0 seconds; it may hang"
                #expect(result.error.contains(message), "\(result)")
                try await expectNothing(user)
            }
        }

        @Test func aCrashWhileATopologyIsKilledLeavesItToForce() async throws {
            try await User.use { user in
                try await CPlugin.install(user, fault: .crash("scheduler_on_kill"))
                let topology = try await CountingTopology.submit(user, options: CPlugin.options, clusterOptions: [])
                let result = try await user.run(["kill", "local", topology.name] + CPlugin.options)
                #expect(result.status != .exited(0), "\(result)")
                #expect(!user.processes("--shard=1").isEmpty)
                let forced = try await user.run(["kill", "local", topology.name, "--force"] + CPlugin.options)
                #expect(forced.status.isSuccess, "\(forced)")
                #expect(forced.error.contains("plugin c-local crashed in on_kill (SIGSEGV)"), "\(forced)")
                #expect(try await topology.nodes() == [])
                for (process, command) in user.processes() where command.contains("heron-executor") {
                    Glibc.kill(-process, SIGKILL)
                }
                try await eventually("every process has ended") { user.processes().isEmpty }
            }
        }
    }
}
