import Glibc
import Processes
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// What Mesos may do to a topology that runs: it always has one executor of each container again.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosFaultTests {
        /// How the tasks of an agent may end without a word of their own.
        enum AgentFault: String, CaseIterable {
            case lost = "TASK_LOST"
            case gone = "TASK_GONE "
            case unknown = "TASK_UNKNOWN"
            case goneByOperator = "TASK_GONE_BY_OPERATOR"
        }

        /// Every update comes twice; in the end none comes any more.
        @Test func tasksMayEndInEveryWay() async throws {
            try await MesosCluster.use(agents: 3, arguments: ["--heartbeat", "0.5"]) { mesos in
                try await mesos.fault(#"{"fault":"duplicate-updates","count":100000}"#)
                let topology = try await submitOnVoidOffers(mesos)
                for fault in AgentFault.allCases {
                    let first = try #require(mesos.executors[1]?.first)
                    let generation = mesos.generation(of: first)
                    let agent = try mesos.agent(of: first)
                    try await happen(fault, to: agent, mesos)
                    try await mesos.expectReplaced(first, "after \(fault)")
                    let next = try #require(mesos.executors[1]?.first)
                    #expect(mesos.generation(of: next) == generation + 1, "started twice after \(fault)")
                    let log = mesos.log(of: topology)
                    #expect(log.contains(fault.rawValue), "no \(fault.rawValue) in:\n\(log)")
                    if fault == .lost || fault == .unknown { try await mesos.agent(agent, "return") }
                }
                try await fallSilent(topology, mesos)
                try await mesos.kill(topology)
            }
        }

        private func fallSilent(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            let executors = mesos.executors
            try await mesos.fault(#"{"fault":"stop-heartbeats"}"#)
            try await mesos.expectLog(of: topology, says: "nothing came from")
            try await mesos.fault(#"{"fault":"resume-heartbeats"}"#)
            try await mesos.expectStatus(topology, says: "SUBSCRIBED", "after a silence")
            try await mesos.expectFlow("after a silence")
            #expect(mesos.executors == executors, "containers were started anew")
        }

        /// Offers that are void before ACCEPT comes, which the master does not say: its tasks are dropped.
        private func submitOnVoidOffers(_ mesos: MesosCluster) async throws -> CountingTopology {
            try await mesos.agents("disconnect", count: 3)
            let (topology, submission) = try await mesos.beginSubmission()
            // Without the ledger there is no ACCEPT.
            Glibc.kill(mesos.zooKeeper.processID, SIGSTOP)
            try await mesos.agents("return", count: 3)
            try await eventually("there are offers") { try await mesos.state().contains(#""offers":[{"#) }
            try await mesos.fault(#"{"fault":"expire-offers"}"#)
            Glibc.kill(mesos.zooKeeper.processID, SIGCONT)
            #expect(await submission.wait(for: .seconds(60)) == .exited(0))
            let log = mesos.log(of: topology)
            #expect(log.contains("TASK_DROPPED (invalid offers)"), "\(log)")
            return topology
        }

        private func happen(_ fault: AgentFault, to agent: String, _ mesos: MesosCluster) async throws {
            switch fault {
            case .lost: try await mesos.agent(agent, "unregister")
            case .gone:
                try await mesos.agent(agent, "crash")
                try await mesos.agent(agent, "return")
            case .unknown:
                // The service hears of the agent's end alone, and asks.
                let tasks = try mesos.executors.values.joined().count { try mesos.agent(of: $0) == agent }
                try await mesos.fault(#"{"fault":"drop-updates","count":\#(tasks)}"#)
                try await mesos.agent(agent, "unregister")
            case .goneByOperator: try await mesos.agent(agent, "gone")
            }
        }

        /// Calls that are refused, lost, or done without an answer; updates in another order.
        @Test func callsMayFail() async throws {
            try await MesosCluster.use { mesos in
                for fault in [
                    answer("SUBSCRIBE", 307, #","location":"//\#(mesos.master)/api/v1/scheduler""#),
                    answer("SUBSCRIBE", 503), cut("ACCEPT", "after"),
                ] { try await mesos.fault(fault) }
                let topology = try await mesos.submit()
                try await mesos.expectOneEach("after submit")
                #expect(mesos.log(of: topology).contains("answers 503"))

                try await renewService(topology, mesos)
                let before = mesos.executors
                let reorder = #"{"fault":"reorder-updates","count":2}"#
                for fault in [cut("KILL", "before"), answer("ACCEPT", 403), reorder] {
                    try await mesos.fault(fault)
                }
                let result = try await topology.heron("restart")
                #expect(result.status.isSuccess, "\(result)")
                try await mesos.expectOneEach("after restart")
                #expect(mesos.executors.allSatisfy { $0.value != before[$0.key] })
                try await mesos.expectFlow("after restart")

                try await renewService(topology, mesos)
                try await mesos.fault(answer("SUBSCRIBE", 403))
                try await mesos.fault(#"{"fault":"cut-streams"}"#)
                try await mesos.expectStatus(topology, says: "REFUSED", "after a 403")
                #expect(try await topology.heron("status").output.contains("does not let the framework in"))
                try await mesos.expectOneEach("after a 403")
                // A kill does not wait for the next attempt.
                try await mesos.kill(topology)
            }
        }

        /// A service that has lost its connections waits longer and longer; a new one does not.
        private func renewService(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            try await mesos.killService()
            try await mesos.startService(topology)
            try await mesos.expectStatus(topology, says: "SUBSCRIBED", "with a new service")
        }

        private func answer(_ call: String, _ status: Int, _ more: String = "") -> String {
            #"{"fault":"answer","call":"\#(call)","status":\#(status)\#(more)}"#
        }

        private func cut(_ call: String, _ when: String) -> String {
            #"{"fault":"cut-call","call":"\#(call)","when":"\#(when)"}"#
        }
    }
}
