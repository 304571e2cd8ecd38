import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Topologies of the cluster `localzk`, which keeps the state in ZooKeeper.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct ZooKeeperTests {
        @Test(arguments: [nil, "alice:hush"])
        func aTopologyLivesFromSubmitToKill(credentials: String?) async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    let options = try await options(server, user, credentials)
                    let topology = try await CountingTopology.submit(user, cluster: "localzk", clusterOptions: options)
                    try await topology.expectFlow("after submit")
                    let list = try await user.run(["list", "localzk"] + options)
                    #expect(list.output.contains("Counting") && list.output.contains("RUNNING"), "\(list)")
                    try await topology.decodeState(on: server, credentials: credentials)

                    try await expectSuccess(topology.heron("deactivate"))
                    try await topology.expectStandstill()
                    #expect(try await topology.heron("status").output.contains("PAUSED"))
                    try await expectSuccess(topology.heron("activate"))
                    try await topology.expectFlow("after activate")

                    try await expectSuccess(topology.heron("restart", "1"))
                    try await topology.expectFlow("after restart of container 1")
                    try await expectSuccess(topology.heron("restart"))
                    try await topology.expectFlow("after restart")

                    try await topology.kill()
                    #expect(try await nodes(topology) == [], "state is left behind")
                }
            }
        }

        /// Two clusters on one machine share nothing: neither directories nor names.
        @Test func aTopologyOfTheSameNameRunsOnClusterLocal() async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    let options = try await options(server, user, nil)
                    let local = try await CountingTopology.submit(user)
                    let other = try await CountingTopology.submit(user, cluster: "localzk", clusterOptions: options)
                    try await local.expectFlow("on local")
                    try await expectSuccess(other.heron("kill"))
                    try await local.expectFlow("after the other one's end")
                    try await local.kill()
                }
            }
        }

        /// What every command needs: the server, and a file with the credentials.
        private func options(_ server: ZooKeeperServer, _ user: User, _ credentials: String?) async throws -> [String] {
            let connection = ["--config-property", "heron.statemgr.connection.string=\(server.connection)"]
            guard let credentials else { return connection }
            try await user.shell("umask 077; echo '\(credentials)' > auth")
            return connection + ["--config-property", "heron.statemgr.zookeeper.auth.file=~/auth"]
        }

        private func expectSuccess(_ result: User.Result) {
            #expect(result.status.isSuccess, "\(result)")
        }

        /// The nodes below Heron's directories that anybody has put there, sessions' included.
        private func nodes(_ topology: CountingTopology) async throws -> [String] {
            let tree = try await topology.user.run(["state", "tree", topology.cluster] + topology.clusterOptions)
            expectSuccess(tree)
            return tree.output.split(separator: "\n").dropFirst().compactMap { line in
                line.split(separator: " ").first.map(String.init).flatMap { $0.contains("/") ? $0 : nil }
            }
        }
    }
}
