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

    /// The topology is launched, but its executors do nothing.
    @Test func ctrlCStopsAServiceInTheForegroundBeforeTheTopologyRunsToo() async throws {
        try await User.use { user in
            let core: String = try await user.core(executor: "exec sleep 3600")
            let submission = try user.start(
                "submit",
                "local",
                CountingTopology.file,
                "-",
                "Pending",
                "--config-property",
                "heron.scheduler.background=false",
                "--config-property",
                core
            )
            try await eventually("the topology is launched") {
                String(decoding: user.contents(user.home + "/heron.err"), as: UTF8.self).contains("containers")
            }
            submission.signal(SIGINT)
            #expect(await submission.wait(for: .seconds(30)) == .exited(130))
            #expect(user.processes("heron-scheduler").isEmpty)
            #expect(try await user.heron("list", "local").output.contains("Pending"))
            #expect(try await user.heron("kill", "local", "Pending").status.isSuccess)
        }
    }

    @Test func schedulerStartStaysInTheForeground() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            let service: Int32 = try #require(user.processes("heron-scheduler").first)
            #expect(Glibc.kill(service, SIGKILL) == 0)

            let start = ["scheduler", "start", "--foreground", "local", topology.name]
            let first = try user.start(start[0], start[1], start[2], start[3], start[4])
            try await serves(user, topology)
            #expect(first.exitStatus == nil)
            first.signal(SIGTERM)
            #expect(await first.wait(for: .seconds(30)) == .exited(0))
            #expect(user.processes("heron-scheduler").isEmpty)
            try await topology.expectFlow("without a service")

            let second = try user.start(start[0], start[1], start[2], start[3], start[4])
            try await serves(user, topology)
            try await topology.kill()
            #expect(await second.wait(for: .seconds(30)) == .exited(0))
        }
    }

    /// What a state in ZooKeeper, or on a shared file system, shows on another machine.
    @Test func schedulerStartNamesTheMachine() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            let service: Int32 = try #require(user.processes("heron-scheduler").first)
            #expect(Glibc.kill(service, SIGKILL) == 0)
            let record = user.home + "/.herondata/repository/state/local/heron-swift/\(topology.name)/service"
            try await user.shell(
                "cp '\(record)' record && sed -i 's/\"host\":\"[^\"]*\"/\"host\":\"elsewhere\"/' '\(record)'"
            )
            let start = try await user.heron("scheduler", "start", "local", topology.name)
            #expect(start.status == .exited(1))
            #expect(
                start.error == "error: the scheduler of '\(topology.name)' ran on elsewhere, not here; "
                    + "run this command on elsewhere\n"
            )
            try await user.shell("cp record '\(record)'")
            try await topology.kill()
        }
    }

    private func serves(_ user: User, _ topology: CountingTopology) async throws {
        try await eventually("the scheduler serves") {
            try await user.heron("status", "local", topology.name).output.contains("scheduler  127.0.0.1:")
        }
    }
}
