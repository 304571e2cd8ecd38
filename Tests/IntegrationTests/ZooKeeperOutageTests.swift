import Glibc
import Processes
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Topologies whose ZooKeeper goes away, and comes back.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct ZooKeeperOutageTests {
        @Test func commandsSayThatZooKeeperIsAwayAndChangeNothing() async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    let topology = try await submit(user, server)
                    let processes = user.processKinds
                    await server.kill()
                    for command in ["status", "kill", "restart", "deactivate"] {
                        expectUnreachable(try await topology.heron(command), command)
                    }
                    for arguments in [
                        ["list", "localzk"], ["state", "tree", "localzk"],
                        ["scheduler", "start", "localzk", topology.name],
                        ["submit", "localzk", CountingTopology.file, "-", "Other"],
                    ] {
                        expectUnreachable(try await user.run(arguments + topology.clusterOptions), "\(arguments)")
                    }
                    #expect(user.processKinds == processes)
                    try await server.restart()
                    try await topology.expectFlow("with ZooKeeper back")
                    let list = try await user.run(["list", "localzk"] + topology.clusterOptions)
                    #expect(list.output.contains("Counting") && !list.output.contains("Other"), "\(list)")
                    try await topology.kill()
                }
            }
        }

        @Test func aTopologyOutlivesAnOutageThatIsLongerThanItsSessions() async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    let topology = try await submit(user, server, containers: 2)
                    let processes = user.processes().map(\.0).sorted()
                    await server.kill()
                    // Three times as long as the scheduler's and the executors' sessions live.
                    try await Task.sleep(for: .seconds(6))
                    try await topology.expectFlow("without ZooKeeper")
                    try await server.restart()
                    try await eventually("the status is whole again") {
                        let status = try await topology.heron("status")
                        let isWhole = status.output.contains("RUNNING") && status.output.contains("stmgr-2")
                        return status.status.isSuccess && isWhole && !status.output.contains("unknown")
                    }
                    #expect(user.processes().map(\.0).sorted() == processes, "nothing was restarted")
                    // The topology manager, whose session is longer, may find its way back a little later.
                    try await eventually("the topology manager writes again") {
                        try await topology.heron("deactivate").status.isSuccess
                    }
                    try await topology.expectStandstill()
                    try await expectSuccess(topology.heron("activate"))
                    try await topology.expectFlow("after activate")
                    try await expectSuccess(topology.heron("restart", "1"))
                    try await topology.expectFlow("after restart")
                    try await topology.kill()
                }
            }
        }

        /// A dead process's session lives on for half a minute; who starts again on the same machine does not wait for it.
        @Test func successorsTakeOverAtOnce() async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    let topology = try await submit(user, server, sessionTimeout: 30_000)
                    let planned = user.processKinds
                    for victim in ["heron-tmanager", "heron-executor", "heron-stmgr"] {
                        let processID = try #require(user.processes(victim).first, "\(victim) runs")
                        #expect(Glibc.kill(processID, SIGKILL) == 0)
                        try await eventually("all is well after kill -9 of \(victim)", within: .seconds(20)) {
                            guard !user.processes().contains(where: { $0.0 == processID }), user.processKinds == planned
                            else { return false }
                            return try await topology.heron("status").output.contains("RUNNING")
                        }
                        try await topology.expectFlow("after kill -9 of \(victim)")
                    }
                    let service = try #require(user.processes("heron-scheduler").first)
                    #expect(Glibc.kill(service, SIGKILL) == 0)
                    try await eventually("the service is dead") { user.processes("heron-scheduler").isEmpty }
                    let start = ["scheduler", "start", "localzk", topology.name] + topology.clusterOptions
                    let started = try await user.run(start, limit: .seconds(20))
                    #expect(started.status.isSuccess, "\(started)")
                    try await topology.kill()
                }
            }
        }

        private func submit(
            _ user: User,
            _ server: ZooKeeperServer,
            containers: Int = 1,
            sessionTimeout: Int = 2000
        ) async throws -> CountingTopology {
            let properties = [
                "heron.statemgr.connection.string=\(server.connection)",
                "heron.statemgr.zookeeper.session.timeout.ms=\(sessionTimeout)",
                "heron.statemgr.zookeeper.connection.timeout.ms=1500",
            ]
            let topology = try await CountingTopology.submit(
                user,
                containers: containers,
                spouts: containers,
                bolts: containers,
                cluster: "localzk",
                clusterOptions: properties.flatMap { ["--config-property", $0] }
            )
            try await topology.expectFlow("after submit")
            return topology
        }

        private func expectUnreachable(_ result: User.Result, _ what: String) {
            #expect(result.status == .exited(1), "\(what): \(result)")
            #expect(
                result.error.contains("cannot be reached") && result.error.contains("refused"),
                "\(what): \(result)"
            )
        }

        private func expectSuccess(_ result: User.Result) {
            #expect(result.status.isSuccess, "\(result)")
        }
    }
}
