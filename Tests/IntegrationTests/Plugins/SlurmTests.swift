import Glibc
import Testing

extension TopologyTests {
    /// Topologies on Slurm, through the plugin of `Examples/plugins/slurm`.
    @Suite(.enabled(if: SlurmCluster.isInstalled, "\(SlurmCluster.missing)"), .timeLimit(.minutes(5)))
    struct SlurmTests {
        @Test func aTopologyLivesFromSubmitToKill() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit()
                try await topology.expectFlow("after submit")
                let before = try await slurm.steps()
                #expect(Set(before.keys) == ["heron-0", "heron-1", "heron-2"])
                #expect(try await topology.heron("status").output.contains("state      RUNNING"))

                let again = try await user(slurm, "submit", "slurm", CountingTopology.file, "-", "Counting")
                #expect(again.status == .exited(1), "\(again)")

                let restart = try await topology.heron("restart", "1")
                #expect(restart.status.isSuccess, "\(restart)")
                let after = try await slurm.steps()
                #expect(after["heron-1"] != before["heron-1"] && after["heron-2"] == before["heron-2"])
                try await topology.expectFlow("after restart of container 1")
                let all = try await topology.heron("restart")
                #expect(all.status.isSuccess, "\(all)")
                let last = try await slurm.steps()
                #expect(last.count == 3 && Set(last.values).isDisjoint(with: after.values))
                try await topology.expectFlow("after restart")
                expectPortsOfTheirOwn(slurm)
                let missing = try await topology.heron("restart", "7")
                #expect(missing.error.contains("plugin slurm: on_restart: there is no container 7"), "\(missing)")
                try await slurm.kill(topology)
            }
        }

        private func expectPortsOfTheirOwn(_ slurm: SlurmCluster) {
            let ports = slurm.executors().values.flatMap { $0.filter { $0.contains("-port=") } }
                .compactMap { $0.split(separator: "=").last }.compactMap { Int($0) }
            #expect(ports.count == 27 && Set(ports).count == 27 && ports.allSatisfy { (20_000...29_999) ~= $0 })
        }

        private func user(_ slurm: SlurmCluster, _ arguments: String...) async throws -> User.Result {
            try await slurm.user.run(arguments)
        }

        /// The executor of a container dies twice; what it leaves behind ends with it.
        @Test func aContainerThatDiesIsStartedAgain() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit()
                try await topology.expectFlow("after submit")
                let zero = try await slurm.steps()["heron-0"]
                for attempt in 1...2 {
                    let executor = try #require(slurm.user.processes("--shard=1").first)
                    Glibc.kill(executor, SIGKILL)
                    try await eventually("container 1 runs again", within: .seconds(30)) {
                        let now = slurm.user.processes("heron-executor --").count
                        return now == 3 && !slurm.user.processes("--shard=1").contains(executor)
                    }
                    #expect(slurm.user.processes("heron-stmgr --topology_name").count <= 2)
                    try await topology.expectFlow("after death \(attempt)")
                }
                #expect(try await slurm.steps()["heron-0"] == zero)
                try await slurm.kill(topology)
            }
        }

        @Test func aJobThatHasEndedIsNoObstacle() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit()
                _ = try await slurm.ask("scancel", "--me")
                try await eventually("the job has ended") { try await slurm.ask("squeue", "--noheader") == "" }
                let restart = try await topology.heron("restart", "1")
                #expect(restart.status.isSuccess, "a new job takes its place: \(restart)")
                try await topology.expectFlow("in a new job")
                try await slurm.user.shell("rm '\(topology.workingDirectory)/slurm-job.pid'")
                try await slurm.kill(topology)
            }
        }

        @Test func aKillAfterTheJobHasEndedCleansUp() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit()
                _ = try await slurm.ask("scancel", "--me")
                try await slurm.kill(topology)
            }
        }

        /// No word of the configuration is read by a shell on its way to an executor.
        @Test func whatAShellWouldReadReachesTheExecutors() async throws {
            try await SlurmCluster.use { slurm in
                let home = #"/no 'such' "home"/$(touch found)`touch found`;touch found;*\#t\"#
                let topology = try await slurm.submit("heron.directory.sandbox.java.home=\(home)")
                #expect(slurm.executors()[1]?.contains("--heron-java-home=\(home)") == true)
                #expect(try await slurm.user.files(below: "", named: "found") == [])
                try await slurm.kill(topology)
            }
        }

        @Test func withAServiceStatusTellsAboutTheJob() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit(
                    "heron.scheduler.is.service=true",
                    "heron.scheduler.slurm.job.link.template=http://portal.test/jobs/%j/log",
                    "heron.scheduler.slurm.time.limit=1:00:00"
                )
                let job = try await slurm.ask("squeue", "--noheader", "--format=%i").split(separator: "\n")[0]
                let status = try await topology.heron("status").output
                let texts = ["job: \(job)\n", "state: RUNNING", "http://portal.test/jobs/\(job)/log"]
                #expect(["time left: 1:00:00", "time left: 59:"].contains { status.contains($0) }, "\(status)")
                for text in texts { #expect(status.contains(text), "no '\(text)' in \(status)") }
                let rows = status.split(separator: "\n").map { $0.split(separator: " ") }
                #expect(rows.count { $0.count == 7 && $0[1...2] == ["running", "1"] } == 3, "\(status)")
                try await slurm.kill(topology)
            }
        }

        @Test func aJobThatCannotStartIsPendingForAReason() async throws {
            try await SlurmCluster.use { slurm in
                let submit = ["submit", "slurm", CountingTopology.file, "-", "Counting"]
                let tooMany = ["--config-property", "heron.scheduler.slurm.tmanager.cpus=100"]
                let submission = try slurm.user.start(submit + tooMany)
                try await eventually("the reason is told") {
                    let said = String(decoding: slurm.user.contents(slurm.user.home + "/heron.err"), as: UTF8.self)
                    return said.contains("slurm: job 1 is pending: Partition")
                }
                submission.signal(SIGINT)
                _ = await submission.wait()
                try await slurm.kill(CountingTopology(user: slurm.user, name: "Counting", cluster: "slurm"))
            }
        }

        @Test func whatSlurmRefusesIsToldAndUndone() async throws {
            try await SlurmCluster.use { slurm in
                let submit = ["submit", "slurm", CountingTopology.file, "-", "Counting", "1", "1", "1", "shuffle"]
                let settings = [
                    ("heron.scheduler.slurm.partition=none", "invalid partition"),
                    ("heron.scheduler.slurm.time.limit=soon", "Invalid --time"),
                    ("heron.scheduler.slurm.sbatch.options=fast", "'fast' in heron.scheduler.slurm.sbatch.options is"),
                    ("heron.scheduler.slurm.sbatch.options=--fast", "unrecognized option '--fast'"),
                    ("heron.scheduler.slurm.ports=30000-30010", "are too few for 2 containers"),
                    ("heron.scheduler.slurm.ports=30000-30001", "must be a range of nine ports or more"),
                    ("heron.scheduler.slurm.partition=a b", "must be one word, not 'a b'"),
                ]
                for (setting, reason) in settings {
                    let result = try await slurm.user.run(submit + ["--config-property", setting])
                    #expect(result.status == .exited(1), "\(setting): \(result)")
                    #expect(result.error.contains("error: plugin slurm: "), "\(setting): \(result)")
                    #expect(result.error.lowercased().contains(reason.lowercased()), "\(setting): \(result)")
                }
                let path = try await slurm.pathWithoutSlurm()
                let withoutTools = try await slurm.user.run(submit, environment: ["PATH": path])
                let reason = "plugin slurm: launch: cannot run squeue: No such file or directory; install Slurm's"
                #expect(withoutTools.error.contains(reason), "\(withoutTools)")
                #expect(try await slurm.user.files(below: ".herondata/topologies") == [])
                #expect(try await slurm.ask("squeue", "--noheader") == "")
            }
        }

        @Test func aKillWithoutSlurmChangesNothing() async throws {
            try await SlurmCluster.use { slurm in
                let topology = try await slurm.submit()
                Glibc.kill(try slurm.controller(), SIGSTOP)
                let timeout = ["--config-property", "heron.scheduler.slurm.command.timeout.ms=1000"]
                let away = try await slurm.user.run(["kill", "slurm", topology.name] + timeout)
                Glibc.kill(try slurm.controller(), SIGCONT)
                #expect(away.status == .exited(1), "\(away)")
                #expect(away.error.contains("plugin slurm: on_kill: squeue"), "\(away)")
                #expect(!slurm.user.processes("--shard=1").isEmpty)
                try await slurm.kill(topology)
            }
        }
    }
}
