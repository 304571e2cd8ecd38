import Testing
import ZooKeeperClient
import ZooKeeperTesting

@testable import MesosAPI

@Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"))
struct MasterDetectorTests {
    @Test func theDriverFollowsTheLeader() async throws {
        let server = try await ZooKeeperServer.shared()
        let zooKeeper = try await client(server)
        try await FakeMaster.use([accept()]) { first in
            try await FakeMaster.use([accept()]) { second in
                try await DriverHarness.use("zk://\(server.connection)/mesos-follows/a") { harness in
                    try await until { !harness.log.isEmpty }
                    #expect(
                        harness.log.first == "cannot subscribe yet: there is no node /mesos-follows/a at "
                            + "\(server.connection); is the path right?; trying on"
                    )
                    try await create(zooKeeper, "/mesos-follows")
                    try await create(zooKeeper, "/mesos-follows/a")
                    try await register(zooKeeper, "/mesos-follows/a/json.info_0000000009", first)
                    await harness.expectSubscribed()
                    #expect(harness.driver.master?.url == first.url)
                    // Not the leader, though its name sorts before.
                    try await register(zooKeeper, "/mesos-follows/a/json.info_0000000010", second)
                    try await delete(zooKeeper, "/mesos-follows/a/json.info_0000000009")
                    #expect(await harness.disconnection() == "\(second.url) leads now")
                    harness.driver.subscribe(subscribeCall())
                    await harness.expectSubscribed()
                    #expect(harness.driver.master?.url == second.url)
                    try await delete(zooKeeper, "/mesos-follows/a/json.info_0000000010")
                    let nobody = "no master has registered at zk://\(server.connection)/mesos-follows/a"
                    #expect(await harness.disconnection() == nobody)
                    harness.driver.subscribe(subscribeCall())
                    try await register(zooKeeper, "/mesos-follows/a/json.info_0000000011", first)
                    await harness.expectSubscribed()
                }
            }
        }
        await zooKeeper.close()
    }

    @Test func aRedirectOfTheLeaderIsFollowed() async throws {
        let server = try await ZooKeeperServer.shared()
        let zooKeeper = try await client(server)
        try await FakeMaster.use([accept()]) { next in
            try await FakeMaster.use([redirect(to: "//127.0.0.1:\(next.port)/x")]) { leader in
                try await create(zooKeeper, "/mesos-redirects")
                try await register(zooKeeper, "/mesos-redirects/json.info_0000000001", leader)
                try await DriverHarness.use("zk://\(server.connection)/mesos-redirects") { harness in
                    await harness.expectSubscribed()
                    #expect(harness.driver.master?.url == next.url)
                    // ZooKeeper catches up: nothing changes.
                    try await register(zooKeeper, "/mesos-redirects/json.info_0000000000", next)
                    #expect(await harness.outcome(of: call(.revive)) == .accepted)
                }
            }
        }
        await zooKeeper.close()
    }

    @Test func aSubscriptionOutlivesZooKeeper() async throws {
        try await ZooKeeperServer.use { server in
            let zooKeeper = try await client(server)
            try await create(zooKeeper, "/mesos")
            try await FakeMaster.use([accept()]) { master in
                try await register(zooKeeper, "/mesos/json.info_0000000001", master)
                await zooKeeper.close()
                let address = "zk://user:geheim@\(server.connection)/mesos"
                try await DriverHarness.use(address, { $0.zooKeeperSessionTimeout = .seconds(2) }) { harness in
                    await harness.expectSubscribed()
                    await server.kill()
                    try await until { harness.log.contains { $0.contains("has expired") } }
                    #expect(await harness.outcome(of: call(.revive)) == .accepted)
                    harness.driver.subscribe(subscribeCall())
                    try await until { harness.driver.state.phase == .waitingForLeader }
                    #expect(harness.driver.state.description == "no leader at zk://\(server.connection)/mesos")
                    try await server.restart()
                    await harness.expectSubscribed()
                    #expect(!harness.log.joined().contains("geheim"))
                }
            }
        }
    }

    private func client(_ server: ZooKeeperServer) async throws -> ZooKeeperClient {
        let connection = try ZooKeeperConnection(parsing: server.connection)
        return try await ZooKeeperClient.open(ZooKeeperOptions(connection: connection)) { _, _ in }
    }

    private func register(_ client: ZooKeeperClient, _ path: String, _ master: FakeMaster) async throws {
        let json = #"{"address":{"hostname":"localhost","ip":"127.0.0.1","port":\#(master.port)},"id":"m"}"#
        try await client.create(path, Array(json.utf8), isEphemeral: false, before: .now + .seconds(30))
    }

    private func create(_ client: ZooKeeperClient, _ path: String) async throws {
        try await client.create(path, [], isEphemeral: false, before: .now + .seconds(30))
    }

    private func delete(_ client: ZooKeeperClient, _ path: String) async throws {
        try await client.delete(path, version: nil, before: .now + .seconds(30))
    }
}
