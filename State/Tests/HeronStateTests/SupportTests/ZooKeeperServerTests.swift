import Glibc
import Testing

extension OwnServerTests {
    /// What tests of the state in ZooKeeper stand on.
    @Suite(.timeLimit(.minutes(2)))
    struct ZooKeeperServerTests {
        @Test("A server that is killed comes back on its port with its data")
        func killAndRestart() async throws {
            let server = try await ZooKeeperServer.start()
            let before = try await Kazoo.tree(server.connection, below: "/")
            #expect(before["/zookeeper"]?.acl == ["world:anyone=cdrwa"])
            let transactions = try await transactions(server)
            let (connection, pid) = (server.connection, server.pid)

            await server.kill()
            #expect(Glibc.kill(pid, 0) == -1)
            await #expect(throws: TestFailure.self) { try await server.ask("srvr") }
            try await server.restart()
            #expect(server.connection == connection && server.pid != pid)
            #expect(try await Kazoo.tree(server.connection, below: "/") == before)
            // Kazoo's sessions were written, and are read again.
            #expect(transactions > 0)
            #expect(try await self.transactions(server) > transactions)

            await server.stop()
            #expect(Glibc.kill(server.pid, 0) == -1)
            #expect(Files.names(server.folder.path).contains("data"))
        }

        @Test("A stopped server answers again when it goes on")
        func suspend() async throws {
            let server = try await ZooKeeperServer.start()
            server.suspend()
            let socket = try Loopback.connect(server.port)
            defer { close(socket) }
            #expect(send(socket, "ruok", 4, Loopback.noSignal) == 4)
            var answer = [UInt8](repeating: 0, count: 4)
            #expect(recv(socket, &answer, 4, Int32(MSG_DONTWAIT)) == -1)
            server.resume()
            #expect(recv(socket, &answer, 4, Int32(MSG_WAITALL)) == 4)
            #expect(answer == Array("imok".utf8))
        }

        @Test("The shared server is the same for all", )
        func shared() async throws {
            let server = try await ZooKeeperServer.shared()
            #expect(try await ZooKeeperServer.shared() === server)
            #expect(try await server.ask("srvr").contains("Mode: standalone"))
        }

        @Test("An ensemble whose leader is killed elects another")
        func ensemble() async throws {
            let ensemble = try await ZooKeeperEnsemble.start()
            let first = try await ensemble.killLeader()
            #expect(try await ensemble.leader() != first)
            try await ensemble.servers[first].restart()
            #expect(try await ensemble.servers[first].ask("srvr").contains("Mode: follower"))
        }

        /// The number of the last transaction: `Zxid: 0x…`.
        private func transactions(_ server: ZooKeeperServer) async throws -> Int {
            let match = try await server.ask("srvr").firstMatch(of: /Zxid: 0x([0-9a-f]+)/)
            return try #require(match.flatMap { Int($0.1, radix: 16) })
        }
    }
}
