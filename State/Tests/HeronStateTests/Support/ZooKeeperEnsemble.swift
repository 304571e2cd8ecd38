import Testing

/// Three ZooKeeper servers that elect a leader.
final class ZooKeeperEnsemble: Sendable {
    /// Servers 0, 1 and 2 have the numbers 1, 2 and 3 among themselves.
    let servers: [ZooKeeperServer]

    /// Starts the servers; returns when all three answer.
    static func start() async throws -> ZooKeeperEnsemble {
        let ports = try Loopback.freePorts(6)
        let peers = (0..<3).map { (quorum: ports[2 * $0], election: ports[2 * $0 + 1]) }
        async let first = ZooKeeperServer.start(.init(number: 1, peers: peers))
        async let second = ZooKeeperServer.start(.init(number: 2, peers: peers))
        async let third = ZooKeeperServer.start(.init(number: 3, peers: peers))
        return ZooKeeperEnsemble(try await [first, second, third])
    }

    private init(_ servers: [ZooKeeperServer]) {
        self.servers = servers
    }

    /// For clients: all three.
    var connection: String {
        servers.map(\.connection).joined(separator: ",")
    }

    /// Which server leads; waits for the end of an election.
    func leader() async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            for (index, server) in servers.enumerated() {
                if let answer = try? await server.ask("srvr"), answer.contains("Mode: leader") { return index }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("the ensemble has no leader")
    }

    /// SIGKILL to the leader; returns which server that was.
    func killLeader() async throws -> Int {
        let leader = try await leader()
        await servers[leader].kill()
        return leader
    }
}
