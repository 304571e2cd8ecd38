import Glibc
import Processes
import Testing

/// Kills at bad moments, and of topologies of which parts are lost.
extension TopologyTests {
    /// Its executors run and do nothing, so that the submission waits until somebody kills the topology.
    @Test func aPendingSubmissionEndsWhenItsTopologyIsKilled() async throws {
        try await User.use { user in
            let core: String = try await user.core(executor: "exec sleep 3600")
            let submission = try user.start(
                "submit",
                "local",
                CountingTopology.file,
                "-",
                "Pending",
                "--config-property",
                core
            )
            try await eventually("the scheduler serves") {
                try await user.files(below: ".herondata/repository/state/local/schedulers") == ["Pending"]
            }
            let result = try await user.heron("kill", "local", "Pending")
            #expect(result.status.isSuccess, "\(result)")
            #expect(await submission.wait(for: .seconds(30)) == .exited(1))
            let words = String(decoding: user.contents(user.home + "/heron.err"), as: UTF8.self)
            #expect(words.hasSuffix("\nerror: Topology 'Pending' was killed before it ran\n"), "\(words)")
        }
    }

    @Test(arguments: ["/heron-conf", ""])
    func killWorksWithoutSchedulerServiceAnd(lost: String) async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            let service: Int32 = try #require(user.processes("heron-scheduler").first)
            #expect(Glibc.kill(service, SIGKILL) == 0)
            try await user.shell("rm -rf '\(topology.workingDirectory)\(lost)'")
            try await topology.kill()
        }
    }

    @Test func killWorksWithoutTheWorkingDirectory() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            try await user.shell("until rm -rf '\(topology.workingDirectory)'; do :; done")
            try await topology.kill()
        }
    }
}
