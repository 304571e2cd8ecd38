import Glibc
import Testing

extension TopologyTests {
    /// Topologies on Aurora, through the plugin of `Examples/plugins/aurora`.
    @Suite(.timeLimit(.minutes(5))) struct AuroraTests {
        private let place = AuroraCluster.place
        private let batch = ["--batch-size", "2147483647"]
        private var job: String { "\(place)/Counting" }

        @Test func aTopologyLivesFromSubmitToKill() async throws {
            try await AuroraCluster.use { aurora in
                let user = aurora.user
                let submitted = try await aurora.submit()
                #expect(submitted.status.isSuccess, "\(submitted)")
                try await aurora.expectFlow("after submit")
                try checkCreation(aurora)

                let before = user.processes("--shard=1")
                #expect(try await user.heron("restart", place, "Counting", "1").status.isSuccess)
                #expect(try aurora.commands().last == ["restart", "\(job)/1"] + batch)
                #expect(user.processes("--shard=1") != before)
                try await aurora.expectFlow("after restart of container 1")
                let missing = try await user.heron("restart", place, "Counting", "7")
                #expect(missing.error.contains("plugin aurora: on_restart: aurora has failed (1): "), "\(missing)")
                #expect(try await user.heron("restart", place, "Counting").status.isSuccess)
                #expect(try aurora.commands().last == ["restart", job] + batch)

                let again = try await aurora.submit()
                #expect(again.status == .exited(1) && again.error.contains("already"), "\(again)")
                try await kill(aurora)
                #expect(try aurora.commands().last == ["killall", job] + batch)
            }
        }

        /// The command line of `create`, and that of each executor that comes of it.
        private func checkCreation(_ aurora: AuroraCluster) throws {
            let create = try #require(try aurora.calls().first { $0.what == "call" })
            #expect(create.environment?.contains("HERON_ZOOKEEPER_AUTH") == false)
            #expect(Array(create.words.prefix(4)) == ["job", "create", "--wait-until", "RUNNING"])
            #expect(create.words.suffix(2).first == job && create.words.last?.hasSuffix("/heron.aurora") == true)
            for binding in ["NUM_CONTAINERS=2", "TIER=preemptible", "ROLE=\(Login.name)", "ENVIRON=devel"] {
                #expect(create.words.contains(binding), "no \(binding)")
            }
            let executors = try aurora.calls().filter { $0.what == "command" }
            #expect(executors.map(\.instance) == [0, 1])
            for executor in executors {
                #expect(executor.words.first == "./heron-core/bin/heron-executor")
                #expect(executor.words[1] == "--shard=\(executor.instance ?? -1)")
                #expect(executor.words.count { $0.contains("-port=") } == 9)
                #expect(executor.words.contains("--topology-name=Counting"))
                #expect(executor.words.contains("--instance-classpath=./heron-core/lib/instance/*"))
            }
        }

        private func kill(_ aurora: AuroraCluster) async throws {
            let result = try await aurora.user.heron("kill", place, "Counting")
            #expect(result.status.isSuccess, "\(result)")
            #expect(aurora.user.processes().isEmpty)
            #expect(try await CountingTopology(user: aurora.user, name: "Counting").nodes() == [])
            #expect(try await aurora.user.files(below: ".herondata/topologies") == [])
        }

        @Test func metadataAndAnotherJobFileAreHandedOn() async throws {
            try await AuroraCluster.use { aurora in
                let missing = try await aurora.submit([
                    "--config-property", "heron.scheduler.properties=own.aurora,a,b c",
                ])
                #expect(missing.status == .exited(1), "\(missing)")
                #expect(missing.error.contains("there is no job file ") && missing.error.contains("/own.aurora"))
                let file = ["--config-property", "heron.scheduler.properties=heron.aurora,a,b c", "--verbose"]
                #expect(try await aurora.submit(file).status.isSuccess)
                let create = try #require(try aurora.commands().first)
                #expect(create.contains("AURORA_METADATA_1=a") && create.contains("AURORA_METADATA_2=b c"))
                #expect(create.last == "--verbose")
                try await kill(aurora)
            }
        }

        @Test func aKillIsTriedAgain() async throws {
            try await AuroraCluster.use { aurora in
                let pause = ["--config-property", "heron.scheduler.job.kill.retry.interval.ms=10"]
                #expect(try await aurora.submit(pause).status.isSuccess)
                try await aurora.fault("fail 2")
                try await kill(aurora)
                #expect(try aurora.commands().suffix(3).allSatisfy { $0 == ["killall", job] + batch })
            }
        }

        @Test func aKillThatFailsKeepsTheTopology() async throws {
            try await AuroraCluster.use { aurora in
                let pause = ["--config-property", "heron.scheduler.job.kill.retry.interval.ms=10"]
                #expect(try await aurora.submit(pause).status.isSuccess)
                try await aurora.fault("fail 5")
                let failed = try await aurora.user.heron("kill", place, "Counting")
                #expect(failed.status == .exited(1), "\(failed)")
                let reason = "plugin aurora: on_kill: aurora has failed (1): Error: the scheduler is not available"
                #expect(failed.error.contains(reason), "\(failed)")
                #expect(try aurora.commands().count { $0.first == "killall" } == 5)
                try await kill(aurora)
            }
        }

        @Test func whatCannotBeCreatedIsToldAndUndone() async throws {
            try await AuroraCluster.use { aurora in
                try await aurora.fault("hang")
                let limit = ["--config-property", "heron.scheduler.aurora.command.timeout.ms=1000"]
                let hung = try await aurora.submit(limit)
                #expect(
                    hung.error.contains("plugin aurora: on_schedule: aurora has not ended within 1 seconds"),
                    "\(hung)"
                )
                try await aurora.fault("fail 1")
                let failed = try await aurora.submit()
                #expect(failed.error.contains("aurora has failed (1): Error: the scheduler is not available"))
                let settings = [
                    ("heron.package.core.uri=hdfs://core.tar.gz", "curl, which cannot fetch hdfs://core.tar.gz"),
                    ("heron.scheduler.job.template=/none/heron.aurora", "there is no job file /none/heron.aurora"),
                    ("heron.class.scheduler.aurora.controller.cli=false", "jobs are managed with Aurora's client"),
                ]
                for (setting, reason) in settings {
                    let result = try await aurora.submit(["--config-property", setting])
                    #expect(result.status == .exited(1) && result.error.contains(reason), "\(result)")
                }
                try await aurora.user.shell("rm bin/aurora")
                let missing = try await aurora.submit()
                #expect(missing.error.contains("cannot run aurora: No such file or directory; install Aurora's client"))
                #expect(try await aurora.user.files(below: ".herondata/topologies") == [])
                #expect(try await CountingTopology(user: aurora.user, name: "Counting").nodes() == [])
            }
        }

        @Test func roleAndEnvironAreNeeded() async throws {
            try await AuroraCluster.use { aurora in
                let result = try await aurora.user.heron("submit", "aurora", CountingTopology.file, "-", "Counting")
                #expect(result.status != .exited(0) && result.error.contains("role"), "\(result)")
            }
        }
    }
}
