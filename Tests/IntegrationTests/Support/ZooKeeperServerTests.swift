import Testing
import ZooKeeperTesting

@Suite(
    .enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"),
    .timeLimit(.minutes(1))
)
struct ZooKeeperServerTests {
    @Test func comesBackOnItsPort() async throws {
        try await ZooKeeperServer.use { server in
            let (connection, processID) = (server.connection, server.processID)
            await server.kill()
            try await server.restart()
            #expect(server.connection == connection && server.processID != processID)
        }
    }
}
