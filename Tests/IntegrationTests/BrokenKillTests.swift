import Glibc
import Processes
import Testing

/// Kills that were broken off, and kills from a machine on which the scheduler never ran.
extension TopologyTests {
    @Test func aKillThatWasBrokenOffGoesOn() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            let service: Int32 = try #require(user.processes("heron-scheduler").first)
            #expect(Glibc.kill(service, SIGKILL) == 0)
            try await user.shell("umask 077; : > '\(topology.stateRoot)/heron-swift/\(topology.name)/killing'")
            let status = try await topology.heron("status")
            #expect(status.output.contains("state      KILLING"), "\(status)")
            #expect(status.output.contains("dead; end the topology with: heron kill"), "\(status)")
            #expect(try await user.heron("list", "local").output.contains(" KILLING "))
            let restart = try await topology.heron("restart")
            #expect(restart.status == .exited(1) && restart.error.contains("is being killed"), "\(restart)")
            let start = try await user.heron("scheduler", "start", "local", topology.name)
            #expect(start.status.isSuccess, "\(start)")
            try await eventually("the service ends everything, itself included") { user.processes().isEmpty }
            #expect(try await user.heron("list", "local").output.contains(" KILLING "))
            try await topology.kill()
        }
    }

    @Test func aKillForWhichTheSchedulersMachineIsNeededSaysSo() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            try await loseMachine(of: topology)
            let result = try await topology.heron("kill")
            #expect(result.status == .exited(1))
            #expect(result.error.contains("ran on elsewhere and is dead; run this command on elsewhere"), "\(result)")
            #expect(result.error.contains("--force"), "\(result)")
            #expect(try await user.heron("list", "local").output.contains(" RUNNING "))
            let forced = try await topology.heron("kill", "--force")
            #expect(forced.status.isSuccess, "\(forced)")
            #expect(forced.error.contains("what still runs of it is left behind: the scheduler of"), "\(forced)")
            #expect(try await topology.nodes() == [])
            try await endWhatIsLeft(user)
        }
    }

    /// The plugin's scheduler does without a directory, or fails where it is told none.
    @Test(arguments: [true, false])
    func remoteContainersAreKilledFromAnyMachine(works: Bool) async throws {
        try await User.use { user in
            try await CPlugin.install(user, isRemote: true, needsDirectory: !works)
            let topology = try await CountingTopology.submit(user, options: CPlugin.options, clusterOptions: [])
            try await loseMachine(of: topology)
            let result = try await user.run(["kill", "local", topology.name] + CPlugin.options)
            if works {
                #expect(result.status.isSuccess, "\(result)")
                #expect(
                    result.error.contains("'s directory \(topology.workingDirectory) is left on elsewhere"),
                    "\(result)"
                )
            } else {
                #expect(result.status == .exited(1) && result.error.contains("--force"), "\(result)")
                #expect(try await user.heron("list", "local").output.contains(" KILLING "))
                let forced = try await user.run(["kill", "local", topology.name, "--force"] + CPlugin.options)
                #expect(forced.status.isSuccess, "\(forced)")
                #expect(forced.error.contains("left behind: "), "\(forced)")
            }
            #expect(try await topology.nodes() == [])
            try await endWhatIsLeft(user)
        }
    }

    /// The scheduler dies, and it ran on a machine that is not this one.
    private func loseMachine(of topology: CountingTopology) async throws {
        let service: Int32 = try #require(topology.user.processes("heron-scheduler").first)
        #expect(Glibc.kill(service, SIGKILL) == 0)
        let record = "\(topology.stateRoot)/heron-swift/\(topology.name)/service"
        try await topology.user.shell("sed -i 's/\"host\":\"[^\"]*\"/\"host\":\"elsewhere\"/' '\(record)'")
    }

    /// The containers, which nobody ends any more.
    private func endWhatIsLeft(_ user: User) async throws {
        try await eventually("the containers are gone") {
            for (process, _) in user.processes() { _ = Glibc.kill(process, SIGKILL) }
            return user.processes().isEmpty
        }
    }
}
