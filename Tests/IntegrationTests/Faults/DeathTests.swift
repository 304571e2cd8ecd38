import Glibc
import Processes
import Testing

extension TopologyTests {
    /// One topology, and every process of it killed in turn.
    @Test func survivesTheDeathOfEachProcess() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, containers: 2, spouts: 2, bolts: 2)
            try await topology.expectFlow("after submit")
            let planned: [String] = user.processKinds
            for victim in ProcessFault.Victim.allCases where victim != .service {
                let processID: Int32 = try #require(
                    victim.processes(of: user).first,
                    "\(victim) runs: \(user.processes())"
                )
                #expect(Glibc.kill(processID, SIGKILL) == 0)
                try await user.expectProcesses(planned, without: [processID], "after kill -9 of \(victim)")
                try await topology.expectFlow("after kill -9 of \(victim)")
            }
            try await topology.kill()
        }
    }

    @Test func schedulerServiceIsStartedAgainAndAdopts() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            let executors: [Int32] = user.processes("heron-executor").sorted()
            try killService(user)
            try await topology.expectFlow("without a scheduler service")
            #expect(try await user.heron("status", "local", topology.name).output.contains("dead"))

            let started = try await user.heron("scheduler", "start", "local", topology.name)
            #expect(started.status.isSuccess, "\(started)")
            #expect(user.processes("heron-executor").sorted() == executors)
            let second = try await user.heron("scheduler", "start", "local", topology.name)
            #expect(second.status == .exited(1) && second.error.contains("lives already"), "\(second)")

            let victim: Int32 = try #require(executors.first)
            #expect(Glibc.kill(victim, SIGKILL) == 0)
            try await eventually("an adopted container is started again") {
                let now: [Int32] = user.processes("heron-executor")
                return now.count == executors.count && !now.contains(victim)
            }
            try await topology.expectFlow("after an adopted container was started again")
            try await topology.kill()
        }
    }

    @Test func killWorksWithoutTheSchedulerService() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            try killService(user)
            try await topology.kill()
        }
    }

    @Test func aProcessThatDiesAgainAndAgainIsSeenInTheStatus() async throws {
        try await User.use { user in
            let result = try await user.run(
                ["submit", "local", CountingTopology.file, "-", "Failing", "1", "1", "1", "shuffle", "fail"]
            )
            #expect(result.status.isSuccess, "\(result)")
            try await eventually("the status shows the back-off") {
                let status = try await user.heron("status", "local", "Failing")
                return status.output.contains("backing-off") && status.output.contains("exited with code 1")
            }
            try await CountingTopology(user: user, name: "Failing").kill()
        }
    }

    @Test func ofTwoSubmissionsOneWins() async throws {
        try await User.use { user in
            let arguments = ["submit", "local", CountingTopology.file, "-", "Twice"]
            async let first = user.run(arguments)
            async let second = user.run(arguments)
            let results = try await [first, second]
            #expect(results.count { $0.status.isSuccess } == 1, "\(results)")
            #expect(results.count { $0.error.contains("already exists") } == 1, "\(results)")
            let topology = CountingTopology(user: user, name: "Twice")
            try await topology.expectFlow("for the winner")
            try await topology.kill()
        }
    }

    @Test(arguments: [50, 200, 400, 800])
    func interruptedSubmissionLeavesNothing(milliseconds: Int) async throws {
        try await User.use { user in
            let submission = try user.start("submit", "local", CountingTopology.file, "-", "Interrupted")
            try await Task.sleep(for: .milliseconds(milliseconds))
            submission.signal(SIGINT)
            _ = await submission.wait()
            let topology = CountingTopology(user: user, name: "Interrupted")
            let wasLaunched =
                try await user.files(below: ".herondata/repository/state/local/topologies") == ["Interrupted"]
            if wasLaunched { return try await topology.kill() }
            try await eventually("nothing runs") { user.processes().isEmpty }
            #expect(try await topology.nodes() == [])
            #expect(try await user.files(below: ".herondata/topologies") == [])
            #expect(try await user.files(below: "tmp") == [])
        }
    }

    private func killService(_ user: User) throws {
        let service: Int32 = try #require(user.processes("heron-scheduler").first)
        #expect(Glibc.kill(service, SIGKILL) == 0)
    }
}
