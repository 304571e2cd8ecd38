import Glibc
import Processes
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// ZooKeeper or the master goes away, and comes back.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosOutageTests {
        /// What runs goes on; what dies waits until its successor can be written down; a kill waits, too.
        @Test func zooKeeperMayBeAway() async throws {
            let times = [
                "heron.statemgr.zookeeper.session.timeout.ms=2000",
                "heron.statemgr.zookeeper.connection.timeout.ms=1500",
            ]
            try await MesosCluster.use(options: { _ in times.flatMap { ["--config-property", $0] } }) { mesos in
                let topology = try await mesos.submit()
                let before = mesos.executors
                let first = try #require(before[1]?.first)
                await mesos.zooKeeper.kill()
                try await mesos.expectFlow("without ZooKeeper")
                Glibc.kill(first, SIGKILL)
                try await mesos.expectLog(of: topology, says: "the ledger cannot be written")
                #expect(mesos.executors[1] == nil && mesos.executors[0] == before[0])
                try await mesos.zooKeeper.restart()
                try await mesos.expectReplaced(first, "with ZooKeeper back")
                try await mesos.expectFlow("with ZooKeeper back")
                #expect(mesos.executors[0] == before[0])
                try await killThroughOutage(topology, mesos)
            }
        }

        /// ZooKeeper goes when all tasks have ended, and the scheduler is about to hear of that.
        private func killThroughOutage(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            try await mesos.fault(#"{"fault":"drop-updates","count":100000}"#)
            let killing = try mesos.beginKill(topology)
            try await eventually("every task has ended") { mesos.taskProcesses.isEmpty }
            await mesos.zooKeeper.kill()
            try await mesos.fault(#"{"fault":"clear"}"#)
            try await mesos.fault(#"{"fault":"cut-streams"}"#)
            try await mesos.expectLog(of: topology, says: "subscribed again")
            try await mesos.zooKeeper.restart()
            _ = await killing.wait()
            // The command's own session may have been lost; it can be repeated in any case.
            if mesos.user.processes("heron-scheduler").isEmpty {
                try await mesos.expectNothing(of: topology)
            } else {
                try await mesos.kill(topology)
            }
        }

        /// What a command that needs the master says while it is away, and that nothing is lost.
        @Test func theMasterMayBeAway() async throws {
            let patience = ["--config-property", "heron.mesos.framework.staging.timeout.ms=1500"]
            try await MesosCluster.use(options: { _ in patience }) { mesos in
                try await submitInVain(mesos)
                let topology = try await mesos.submit()
                try await mesos.expectFlow("after submit")
                let executors = mesos.executors
                try await resumeWithoutMaster(topology, mesos)
                #expect(mesos.executors == executors, "containers were started anew")
                try await killInVain(topology, mesos)
                #expect(mesos.executors == executors, "containers were ended without a word to the master")
                try await mesos.bringMasterBack()
                try await eventually("the kill goes on by itself") { mesos.taskProcesses.isEmpty }
                try await mesos.kill(topology)
            }
        }

        private func submitInVain(_ mesos: MesosCluster) async throws {
            try await mesos.takeMasterAway()
            let name = "Counting"
            let arguments = ["submit", MesosCluster.place, CountingTopology.file, "-", name]
            let result = try await mesos.user.run(arguments + mesos.options)
            #expect(result.status == .exited(1), "\(result)")
            #expect(result.error.contains("no Mesos master registered the framework within 1.5 s"), "\(result)")
            try await mesos.bringMasterBack()
            try await mesos.expectNothing(
                of: CountingTopology(
                    user: mesos.user,
                    name: name,
                    cluster: MesosCluster.place,
                    clusterOptions: mesos.options
                )
            )
        }

        /// A service that goes on waits for its master for ever, and serves meanwhile.
        private func resumeWithoutMaster(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            try await mesos.killService()
            try await mesos.takeMasterAway()
            try await mesos.startService(topology)
            try await mesos.expectStatus(topology, says: "DISCONNECTED", "without a master")
            try await mesos.expectFlow("without a master")
            #expect(try await topology.heron("status").output.contains("DISCONNECTED"))
            try await mesos.bringMasterBack()
            try await mesos.expectStatus(topology, says: "SUBSCRIBED", "with the master back")
            try await mesos.expectFlow("with the master back")
        }

        private func killInVain(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            try await mesos.takeMasterAway()
            try await mesos.expectStatus(topology, says: "DISCONNECTED", "before kill")
            try await expectRefusal(to: topology.heron("kill"), topology, mesos)
        }

        private func expectRefusal(
            to result: User.Result,
            _ topology: CountingTopology,
            _ mesos: MesosCluster
        ) async throws {
            #expect(result.status == .exited(1), "\(result)")
            for text in ["the Mesos master cannot be reached", try await mesos.frameworkID(topology), "2 tasks"] {
                #expect(result.error.contains(text), "\(result)")
            }
            #expect(result.error.split(separator: "transfer closed").count < 3, "said twice: \(result)")
            let list = try await mesos.user.run(["list", topology.cluster] + mesos.options)
            #expect(list.output.contains("KILLING"), "\(list)")
        }

        /// The scheduler is dead, the master is away: the command says what an operator has to end.
        @Test func aForcedKillSaysWhatItOrphans() async throws {
            let times = [
                "heron.mesos.framework.staging.timeout.ms=1500", "heron.statemgr.zookeeper.session.timeout.ms=2000",
            ]
            try await MesosCluster.use(options: { _ in times.flatMap { ["--config-property", $0] } }) { mesos in
                let topology = try await mesos.submit()
                try await mesos.takeMasterAway()
                try await mesos.killService()
                try await expectRefusal(to: topology.heron("kill"), topology, mesos)
                try await mesos.expectStatus(topology, says: "dead", "after a kill in vain")
                let id = try await mesos.frameworkID(topology)
                let result = try await topology.heron("kill", "--force")
                #expect(result.status.isSuccess, "\(result)")
                for text in ["left behind", id, "2 tasks"] { #expect(result.error.contains(text), "\(result)") }
                let tree = try await mesos.stateTree()
                #expect(!tree.contains(topology.name), "state is left behind: \(tree)")
                #expect(mesos.executors.count == 2)

                try await mesos.bringMasterBack()
                try await eventually("the agents have brought the framework") { try await mesos.state().contains(id) }
                try await mesos.fault(#"{"fault":"teardown","framework":"\#(id)"}"#)
                try await eventually("every task has ended") { mesos.taskProcesses.isEmpty }
            }
        }
    }
}
