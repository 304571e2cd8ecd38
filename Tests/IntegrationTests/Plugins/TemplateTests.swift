import FoundationEssentials
import Glibc
import Processes
import Testing

extension TopologyTests {
    /// What `heron plugin new` makes runs topologies as it is.
    @Suite struct TemplateTests {
        private func make(_ command: [String], _ user: User) async throws {
            let finished = try await ChildProcess.runToCompletion(
                executable: "make",
                arguments: command,
                environment: ChildProcess.currentEnvironment().merging([
                    "HERON_HOME": try #require(Installation.home), "HOME": user.home,
                ]) { $1 },
                timeLimit: .seconds(120)
            )
            try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
        }

        /// What the plugin's operation tells of a container.
        private struct Container: Decodable {
            let container: Int32
            let attempt: Int
            let pid: Int32
            let state: String
            let reason: String
        }

        private func containers(_ topology: CountingTopology) async throws -> [Container] {
            let call = ["plugin", "call", topology.cluster, "containers", "--topology", topology.name]
            let result = try await topology.user.run(call + ["--output", "json"] + topology.clusterOptions)
            return try JSONDecoder().decode([Container].self, from: Data(result.output.utf8))
        }

        @Test func aNewPluginInCRunsATopology() async throws {
            try await User.use { user in
                let made = try await user.heron("plugin", "new", "demo", "--language", "c")
                #expect(made.status.isSuccess && made.output.contains("README.md"), "\(made)")
                let folder = "\(user.home)/demo"
                try await make(["-C", folder, "install"], user)
                let options = ["--config-path", "\(folder)/build/conf"]
                let topology = try await CountingTopology.submit(
                    user,
                    bolts: 2,
                    cluster: "demo",
                    clusterOptions: options
                )
                try await topology.expectFlow("under the new plugin")

                let executor = try #require(try await containers(topology).first { $0.container == 1 })
                Glibc.kill(executor.pid, SIGKILL)
                try await eventually("container 1 is started again") {
                    try await containers(topology).contains { $0.attempt == 2 && $0.state == "running" }
                }
                try await topology.expectFlow("after a container has ended")

                // Another scheduler takes over what runs, under the same process ids.
                let before = Set(user.processes("heron-executor"))
                let scheduler = try #require(user.processes("bin/heron-scheduler").first)
                Glibc.kill(scheduler, SIGKILL)
                try await eventually("the scheduler is gone") { user.processes("bin/heron-scheduler").isEmpty }
                let started = try await user.run(["scheduler", "start", "demo", topology.name] + options)
                #expect(started.status.isSuccess, "\(started)")
                #expect(Set(user.processes("heron-executor")) == before)
                #expect(try await containers(topology).allSatisfy { $0.reason == "taken over" })

                let hello = try await user.run(["plugin", "call", "demo", "hello", "--name", "you"] + options)
                #expect(hello.output == "hello, you, from demo\n", "\(hello)")
                try await topology.kill()
                let state = try await user.files(below: ".herondata/repository/state/demo")
                #expect(!state.contains { $0.contains(topology.name) }, "\(state)")
            }
        }

        /// A process that never scheduled the topology cleans up what a dead scheduler has left.
        @Test func aNewPluginEndsWhatADeadSchedulerLeft() async throws {
            try await User.use { user in
                _ = try await user.heron("plugin", "new", "demo", "--language", "c")
                try await make(["-C", "\(user.home)/demo", "install"], user)
                let topology = try await CountingTopology.submit(
                    user,
                    cluster: "demo",
                    clusterOptions: ["--config-path", "\(user.home)/demo/build/conf"]
                )
                let scheduler = try #require(user.processes("bin/heron-scheduler").first)
                Glibc.kill(scheduler, SIGKILL)
                try await eventually("the scheduler is gone") { user.processes("bin/heron-scheduler").isEmpty }
                #expect(!user.processes("heron-executor").isEmpty)
                try await topology.kill()
            }
        }
    }
}
