import Glibc
import HeronModel
import HeronState
import Testing

@testable import ZooKeeperClient

extension OwnServerTests {
    /// Servers and connections that fail under calls of every kind.
    @Suite(.timeLimit(.minutes(3)))
    struct ServerFaultTests {
        /// Runs calls of every kind while the body does harm, and compares what is left with what must be there.
        private func underLoad(
            _ connection: String,
            reading server: String,
            sessionTimeout: Duration = .seconds(3),
            _ harm: (WriteLoad) async throws -> Void
        ) async throws {
            let root = freshRoot()
            var settings = StateSettings(connection: connection, rootPath: root)
            settings.timeout = .seconds(30)
            settings.zooKeeper.sessionTimeout = sessionTimeout
            let state = try await openStateManager(settings) { _, _ in }
            let load = WriteLoad(state, try StatePath(own: "T", "load"))
            let running = Task { try await load.run() }
            try await harm(load)
            try await settled(load)
            running.cancel()
            try await running.value
            #expect(load.unknown == 0 && load.unreachable == 0, "all calls have found out what became of them")
            load.verify(try await Kazoo.tree(server, below: root), root: root)
            await state.close()
        }

        /// Waits until calls are answered again.
        private func settled(_ load: WriteLoad) async throws {
            let before = load.calls
            while load.calls < before + 100 { try await Task.sleep(for: .milliseconds(5)) }
        }

        @Test("A server is killed and started again under calls of every kind")
        func kill() async throws {
            let server = try await ZooKeeperServer.start()
            try await underLoad(server.connection, reading: server.connection) { load in
                for _ in 0..<5 {
                    try await settled(load)
                    await server.kill()
                    try await server.restart()
                }
            }
        }

        @Test("A server is stopped for longer than the session lives")
        func suspend() async throws {
            let server = try await ZooKeeperServer.start()
            try await underLoad(server.connection, reading: server.connection, sessionTimeout: .seconds(1)) { load in
                for _ in 0..<2 {
                    try await settled(load)
                    server.suspend()
                    try await Task.sleep(for: .seconds(3))
                    server.resume()
                }
            }
        }

        @Test("The leader of an ensemble is killed")
        func leader() async throws {
            let ensemble = try await ZooKeeperEnsemble.start()
            try await underLoad(ensemble.connection, reading: ensemble.connection) { load in
                for _ in 0..<2 {
                    try await settled(load)
                    let leader = try await ensemble.killLeader()
                    try await settled(load)
                    try await ensemble.servers[leader].restart()
                }
            }
        }

        @Test("Connections are cut, delayed and truncated, and answers lost")
        func connection() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            try await underLoad(proxy.connection, reading: server.connection) { load in
                for round in 0..<16 {
                    try await settled(load)
                    switch round % 4 {
                    case 0: proxy.cut()
                    case 1: proxy.behaviour = .truncateAnswers(after: .random(in: 0..<200))
                    case 2: proxy.behaviour = .delayAnswers(.milliseconds(30))
                    default:
                        proxy.behaviour = .dropAnswers
                        try await Task.sleep(for: .milliseconds(5))
                        proxy.behaviour = .forward
                    }
                }
                proxy.behaviour = .forward
            }
        }

        @Test("A write whose answer is lost takes effect once, and is known to have")
        func lostAnswer() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            let root = freshRoot()
            let state = try await openState(port: proxy.port, root: root)
            let (a, b) = (try StatePath(own: "T", "a"), try StatePath(own: "T", "b"))
            let ephemeral = try StatePath(.schedulers, "T")
            try await state.create(StatePath(own: "T", "other"), [], .ephemeral)
            func losingAnswer(_ body: () async throws -> Void) async throws {
                proxy.behaviour = .truncateAnswers(after: 0)
                try await body()
                #expect(proxy.behaviour == .forward, "the answer was not lost")
            }
            try await losingAnswer { try await state.create(a, bytes("0"), .persistent) }
            try await losingAnswer { try await state.create(ephemeral, bytes("e"), .ephemeral) }
            for (data, version) in [("1", 0 as Int32?), ("2", nil)] {
                try await losingAnswer {
                    let node = try await state.set(a, bytes(data), version: version)
                    #expect(node.version == Int32(data))
                }
            }
            try await losingAnswer {
                try await state.multi([
                    .check(a, version: 2), .set(a, bytes("3"), version: 2), .create(b, bytes("b"), .persistent),
                ])
            }
            let found = try await Kazoo.tree(server.connection, below: root)
            #expect(found["\(root)/\(a)"]?.text == "3" && found["\(root)/\(a)"]?.version == 3)
            #expect(found["\(root)/\(b)"]?.version == 0)
            #expect(found["\(root)/\(ephemeral)"]?.ephemeralOwner != 0)
            try await losingAnswer { try await state.delete(b, version: 0) }
            try await losingAnswer { try await state.multi([.delete(a, version: 3), .delete(ephemeral, version: 0)]) }
            for path in [a, b, ephemeral] {
                let found = try await state.get(path)
                #expect(found == nil)
            }

            // What did not take place, because somebody else had done it before, is told as that.
            try await state.create(a, bytes("theirs"), .persistent)
            proxy.behaviour = .truncateAnswers(after: 0)
            await expectError(.nodeExists) { try await state.create(a, bytes("mine"), .persistent) }
            proxy.behaviour = .truncateAnswers(after: 0)
            await expectError(.badVersion) { try await state.set(a, bytes("mine"), version: 7) }
            #expect(try await state.get(a) == StateNode(data: bytes("theirs"), version: 0))
            await state.close()
        }

        @Test("A submission and a kill whose answers are lost are whole")
        func lostSubmission() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            let root = freshRoot()
            let state = try await openState(port: proxy.port, root: root)
            let empty = try await Kazoo.tree(server.connection, below: root)
            for round in 0..<5 {
                proxy.behaviour = .truncateAnswers(after: 0)
                try await submit(state, "\(round)")
                #expect(try await state.topology("T")?.id == "T\(round)")
                proxy.behaviour = .truncateAnswers(after: round * 100)
                #expect(try await state.removeTopology("T"))
                #expect(try await Kazoo.tree(server.connection, below: root).keys.sorted() == empty.keys.sorted())
            }
            await state.close()
        }

        @Test("Of a hundred clients that submit one name exactly one wins, while connections break")
        func hundredClients() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            let root = freshRoot()
            let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                for client in 0..<100 {
                    group.addTask {
                        let state = try await openState(port: proxy.port, root: root)
                        defer { proxy.cut() }
                        var winner: String? = "\(client)"
                        do {
                            try await submit(state, "\(client)")
                        } catch let error as StateError where error.code == .nodeExists {
                            winner = nil
                        }
                        await state.close()
                        return winner
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(winners.count == 1)
            let state = try await openState(port: server.port, root: root)
            let winner = try #require(winners.first)
            #expect(try await state.topology("T")?.id == "T\(winner)")
            #expect(try await state.packingPlan("T")?.id == winner)
            await state.close()
        }

        @Test("A server whose disk is full loses nothing that it has answered, and goes on when there is room")
        func diskFull() async throws {
            let server = try await ZooKeeperServer.start()
            let root = freshRoot()
            let state = try await openState(port: server.port, root: root)
            let hasty = try await openState(port: server.port, root: root) { $0.timeout = .seconds(1) }
            let (kept, lost) = (try StatePath(own: "T", "kept"), try StatePath(own: "T", "lost"))
            try await state.create(kept, bytes("kept"), .persistent)
            // To a server a file that cannot grow is a disk that is full.
            await (try SpawnedProcess("/usr/bin/prlimit", ["--pid", "\(server.pid)", "--fsize=1:"])).wait()
            await expectError(.timeout) { try await hasty.create(lost, bytes("lost"), .persistent) }
            await server.kill()
            try await server.restart()
            #expect(try await state.get(kept)?.text == "kept")
            // It may have been written, as the error says.
            #expect([nil, "lost"].contains(try await state.get(lost)?.text))
            try await state.create(StatePath(own: "T", "next"), [], .persistent)
            await state.close()
            await hasty.close()
        }
    }
}

/// Records a topology named `T`.
private func submit(_ state: any StateManager, _ id: String) async throws {
    try await state.recordSubmission(
        Samples.topology("T", id: id),
        packingPlan: Samples.packingPlan(id),
        executionState: Samples.executionState("T"),
        secret: .random()
    )
}
