import Glibc
import Processes
import Testing

extension TopologyTests {
    /// `heron.scheduler.is.service: false`: every command schedules in its own process.
    @Test func schedulesWithoutAService() async throws {
        try await User.use { user in
            let options = ["--config-property", "heron.scheduler.is.service=false"]
            let topology = try await CountingTopology.submit(user, options: options)
            #expect(user.processes("heron-scheduler").isEmpty)
            try await topology.expectFlow("without a service")
            let status = try await user.heron("status", "local", topology.name)
            #expect(status.output.contains("is.service is false"), "\(status)")
            let executor: Int32 = try #require(user.processes("--shard=1").first)
            #expect(try await user.heron("restart", "local", topology.name, "1").status.isSuccess)
            try await eventually("container 1 is another one") {
                let now: [Int32] = user.processes("--shard=1")
                return !now.isEmpty && !now.contains(executor)
            }
            try await topology.expectFlow("after restart")
            try await topology.kill()
        }
    }

    /// `heron.scheduler.background: false`: the command stays until Ctrl-C, which stops the service only.
    @Test func keepsTheServiceInTheForeground() async throws {
        try await User.use { user in
            let submission = try user.start(
                "submit",
                "local",
                CountingTopology.file,
                "-",
                "Counting",
                "--config-property",
                "heron.scheduler.background=false"
            )
            let topology = CountingTopology(user: user, name: "Counting")
            try await topology.expectFlow("with the service in the foreground")
            #expect(submission.exitStatus == nil)
            submission.signal(SIGINT)
            _ = await submission.wait()
            #expect(user.processes("heron-scheduler").isEmpty)
            try await topology.expectFlow("after Ctrl-C")
            #expect(try await user.heron("status", "local", topology.name).output.contains("dead"))
            try await topology.kill()
        }
    }
}
