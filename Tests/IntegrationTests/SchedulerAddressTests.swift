import HeronModel
import HeronState
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// The scheduler service of a topology whose state is in ZooKeeper, as other machines see it.
    @Suite(
        .enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"),
        .enabled(if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "")"),
        .timeLimit(.minutes(3))
    )
    struct SchedulerAddressTests {
        @Test func anotherMachineNeedsTheSecret() async throws {
            try await ZooKeeperServer.use { server in
                try await User.use { user in
                    try await NetworkNamespace.use { other in
                        let options = [
                            "heron.statemgr.connection.string=\(server.connection)",
                            "heron.scheduler.http.host=\(other.address)",
                            // Lets Heron's own clients in on this machine, and nobody else.
                            "heron.scheduler.service.allow.local.without.secret=true",
                        ].flatMap { ["--config-property", $0] }
                        let topology = try await CountingTopology.submit(
                            user,
                            cluster: "localzk",
                            clusterOptions: options
                        )
                        let (endpoint, secret) = try await access(topology, server)
                        #expect(endpoint.hasPrefix(other.address + ":"))
                        try await expectOnlyWithSecret(topology, other, endpoint, secret)
                        try await topology.kill()
                    }
                }
            }
        }

        private func expectOnlyWithSecret(
            _ topology: CountingTopology,
            _ other: NetworkNamespace,
            _ endpoint: String,
            _ secret: String
        ) async throws {
            let url = "http://\(endpoint)"
            var request = Heron_Proto_Scheduler_KillTopologyRequest()
            request.topologyName = topology.name
            let body = topology.user.home + "/kill"
            let bytes: [UInt8] = try request.serializedBytes()
            let octal = bytes.map { "\\0" + String($0, radix: 8) }.joined()
            try await topology.user.shell("printf %b '\(octal)' > \(body)")

            #expect(try await other.request("GET", url + "/health") == 200)
            let wrong = String(repeating: "0", count: secret.count)
            for key in [nil, wrong] {
                #expect(try await other.request("GET", url + "/status", secret: key) == 401)
                #expect(try await other.request("GET", url + "/metrics", secret: key) == 401)
                #expect(try await other.request("POST", url + "/kill", secret: key, bodyFile: body) == 401)
            }
            try await topology.expectFlow("after a kill without the secret")
            // This machine's address at the cable is not local, though it is its own; the loopback's is.
            let port = endpoint.split(separator: ":").last ?? ""
            #expect(try await other.getFromHere(url + "/status") == 401)
            #expect(try await other.getFromHere("http://127.0.0.1:\(port)/status") == 200)

            #expect(try await other.request("GET", url + "/status", secret: secret) == 200)
            #expect(try await other.request("POST", url + "/kill", secret: secret, bodyFile: body) == 200)
            try await eventually("the scheduler has ended") { topology.user.processes().isEmpty }
        }

        /// Where the service is, and the topology's secret, from the state.
        private func access(_ topology: CountingTopology, _ server: ZooKeeperServer) async throws -> (String, String) {
            let settings = StateSettings(connection: server.connection, rootPath: "/heron")
            let state = try await openStateManager(settings) { _, _ in }
            let location = try await state.schedulerLocation(topology.name)
            let secret = try await state.secret(of: topology.name)
            await state.close()
            return (try #require(location).httpEndpoint, try #require(secret).text)
        }
    }
}
