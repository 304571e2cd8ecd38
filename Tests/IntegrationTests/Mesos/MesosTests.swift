import Glibc
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Topologies on a Mesos development cluster.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosTests {
        @Test func aTopologyLivesFromSubmitToKill() async throws {
            try await MesosCluster.use { mesos in
                let topology = try await mesos.submit(containers: 2)
                try await mesos.expectFlow("after submit")
                let list = try await mesos.user.run(["list", topology.cluster] + mesos.options)
                #expect(list.output.contains("Counting") && list.output.contains("RUNNING"), "\(list)")
                try await checkStatus(topology)

                try await expectSuccess(topology.heron("deactivate"))
                #expect(try await topology.heron("status").output.contains("PAUSED"))
                try await expectSuccess(topology.heron("activate"))
                try await mesos.expectFlow("after activate")

                let before = mesos.executors
                try await expectSuccess(topology.heron("restart", "1"))
                let after = mesos.executors
                #expect(before[1] != after[1] && before[2] == after[2] && before[0] == after[0])
                try await mesos.expectFlow("after restart of container 1")
                try await expectSuccess(topology.heron("restart"))
                #expect(mesos.executors.values.allSatisfy { $0.count == 1 })
                try await mesos.expectFlow("after restart")
                try await mesos.kill(topology)
            }
        }

        private func checkStatus(_ topology: CountingTopology) async throws {
            let status = try await topology.heron("status").output
            for text in ["SUBSCRIBED", "TASK_RUNNING", "/#/frameworks/", "/browse", "127.0.0."] {
                #expect(status.contains(text), "no \(text) in:\n\(status)")
            }
        }

        /// The tasks outlive the scheduler, and the next one goes on with them.
        @Test func theSchedulerMayDie() async throws {
            try await MesosCluster.use { mesos in
                let topology = try await mesos.submit()
                try await mesos.expectFlow("after submit")
                let executors = mesos.executors
                try await killService(mesos)
                try await mesos.expectFlow("without a scheduler")
                try await expectSuccess(startScheduler(topology))
                try await mesos.expectFlow("with another scheduler")
                #expect(mesos.executors == executors, "containers were started anew")
                #expect(try await topology.heron("status").output.contains("SUBSCRIBED"))

                // What dies meanwhile is noticed.
                try await killService(mesos)
                kill(try #require(executors[1]?.first), SIGKILL)
                try await expectSuccess(startScheduler(topology))
                try await eventually("container 1 runs again") {
                    mesos.executors[1].map { $0.count == 1 && $0 != executors[1] } ?? false
                }
                try await mesos.expectFlow("after that")

                // And a command can take the place of a dead one.
                try await killService(mesos)
                let killed = try await topology.heron("kill")
                #expect(killed.status.isSuccess, "\(killed)")
                try await eventually("every task has ended", within: .seconds(20)) { mesos.taskProcesses.isEmpty }
                #expect(try await mesos.state().contains("\"frameworks\":[]"))
            }
        }

        @Test func aContainerThatDiesIsStartedAgain() async throws {
            try await MesosCluster.use { mesos in
                let topology = try await mesos.submit()
                let first = try #require(mesos.executors[1]?.first)
                kill(first, SIGKILL)
                try await eventually("container 1 runs again") {
                    mesos.executors[1].map { $0.count == 1 && $0 != [first] } ?? false
                }
                try await mesos.expectFlow("again")
                let status = try await topology.heron("status").output
                #expect(status.contains("Counting") && status.contains("-1-2"), "\(status)")
                try await mesos.kill(topology)
            }
        }

        /// Whatever happens to the connection or the master, the containers run on.
        @Test func theConnectionMayBreak() async throws {
            let faults = [
                #"{"fault":"cut-streams"}"#, #"{"fault":"end-streams"}"#, #"{"fault":"garbage-record"}"#,
                #"{"fault":"truncated-record"}"#, #"{"fault":"oversized-record"}"#,
                #"{"fault":"restart-master","registry":"kept","down":1,"recovering":1,"agents":1}"#,
                #"{"fault":"restart-master","registry":"lost","down":1,"recovering":0,"agents":1}"#,
            ]
            try await MesosCluster.use { mesos in
                let topology = try await mesos.submit()
                let executors = mesos.executors
                for (index, fault) in faults.enumerated() {
                    try await mesos.fault(fault)
                    try await eventually("subscribed again after \(fault)") {
                        mesos.log(of: topology).ranges(of: "subscribed again as framework").count > index
                    }
                    #expect(try await topology.heron("status").output.contains("SUBSCRIBED"))
                    #expect(mesos.executors == executors, "containers were started anew after \(fault)")
                }
                try await mesos.expectFlow("in the end")
                try await mesos.kill(topology)
            }
        }

        /// A lost agent's containers are started elsewhere; when it is back, there are not two of any.
        @Test func aLostAgentMayComeBack() async throws {
            try await MesosCluster.use(agents: 3) { mesos in
                let topology = try await mesos.submit()
                try await mesos.expectFlow("after submit")
                let first = try #require(mesos.executors[1]?.first)
                let sandbox = mesos.user.contents("/proc/\(first)/environ").split(separator: 0)
                    .map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix("MESOS_SLAVE_ID=") }
                let agent = try #require(sandbox?.dropFirst(15))
                try await mesos.fault(#"{"fault":"agent","agent":"\#(agent)","do":"unreachable"}"#)
                try await eventually("container 1 runs elsewhere, and only there") {
                    mesos.executors[1].map { $0.count == 1 && $0 != [first] } ?? false
                }
                try await mesos.fault(#"{"fault":"agent","agent":"\#(agent)","do":"return"}"#)
                try await mesos.expectFlow("with the agent back")
                #expect(mesos.executors.values.allSatisfy { $0.count == 1 })
                try await mesos.kill(topology)
            }
        }

        @Test func aFrameworkThatAnOperatorRemovedIsRegisteredAnewByRestart() async throws {
            try await MesosCluster.use { mesos in
                let topology = try await mesos.submit()
                let status = try await topology.heron("status").output
                let line = try #require(status.split(separator: "\n").first { $0.contains("framework:") })
                let id = try #require(line.split(separator: " ").last)
                try await mesos.fault(#"{"fault":"teardown","framework":"\#(id)"}"#)
                try await eventually("status says REMOVED") {
                    try await topology.heron("status").output.contains("REMOVED")
                }
                try await expectSuccess(topology.heron("restart"))
                try await mesos.expectFlow("under another id")
                try await mesos.kill(topology)
            }
        }

        private func startScheduler(_ topology: CountingTopology) async throws -> User.Result {
            try await topology.user.run(
                ["scheduler", "start", topology.cluster, topology.name] + topology.clusterOptions
            )
        }

        private func killService(_ mesos: MesosCluster) async throws {
            for process in mesos.user.processes("heron-scheduler") { kill(process, SIGKILL) }
            try await eventually("the service is dead") { mesos.user.processes("heron-scheduler").isEmpty }
        }

        private func expectSuccess(_ result: User.Result) {
            #expect(result.status.isSuccess, "\(result)")
        }
    }
}
