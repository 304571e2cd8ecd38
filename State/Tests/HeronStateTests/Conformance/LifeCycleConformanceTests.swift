import HeronModel
import HeronState
import Testing

/// A topology's way into the state and out of it.
@Suite(.timeLimit(.minutes(1)))
struct LifeCycleConformanceTests {
    private func submit(_ state: any StateManager, _ topology: Topology) async throws -> TopologySecret {
        let secret = TopologySecret.random()
        try await state.recordSubmission(
            topology,
            packingPlan: Samples.packingPlan(topology.id),
            executionState: Samples.executionState(topology.name),
            secret: secret
        )
        return secret
    }

    @Test("A submission is recorded whole, without serialized objects", arguments: BackEnd.all)
    func record(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let secret = try await submit(state, Samples.topology("T"))
            let stored = try #require(try await state.topology("T"))
            #expect(stored.id == "T1")
            #expect(!stored.spouts[0].comp.hasSerializedObject)
            #expect(!stored.bolts[0].comp.hasSerializedObject)
            #expect(try await state.packingPlan("T") == Samples.packingPlan("T1"))
            #expect(try await state.executionState("T") == Samples.executionState("T"))
            #expect(try await state.secret(of: "T") == secret)
            #expect(try await state.topologyNames() == ["T"])
            #expect(try await state.physicalPlan("T") == nil)
            #expect(try await state.tmanagerLocation("T") == nil)
            #expect(try await state.schedulerLocation("T") == nil)
            #expect(try await state.metricsCacheLocation("T") == nil)
        }
    }

    @Test("Of many submissions of one name exactly one wins, and nothing of the others is left", arguments: BackEnd.all)
    func race(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                for index in 0..<6 {
                    group.addTask {
                        let own = try await open()
                        let topology = Samples.topology("T", id: "\(index)")
                        var winner: String? = topology.id
                        do {
                            _ = try await submit(own, topology)
                        } catch let error as StateError where error.code == .nodeExists {
                            #expect(error.path == "topologies/T")
                            winner = nil
                        }
                        await own.close()
                        return winner
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(winners.count == 1)
            #expect(try await state.topology("T")?.id == winners.first)
            #expect(try await state.packingPlan("T")?.id == winners.first)
        }
    }

    @Test("A new topology inherits nothing from an earlier one of its name", arguments: BackEnd.all)
    func leftovers(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let names: [StateDirectory] = [.packingplans, .pplans, .statefulcheckpoints, .executionstate, .tmanagers]
            for directory in names { try await state.create(StatePath(directory, "T"), bytes("old"), .persistent) }
            let ledger = try StatePath(own: "T", "mesos", "ledger")
            try await state.create(ledger, bytes("old"), .persistent)
            try await state.create(StatePath(own: "T", "secret"), bytes("old"), .persistent)
            let secret = try await submit(state, Samples.topology("T"))
            #expect(try await state.get(StatePath(.statefulcheckpoints, "T")) == nil)
            #expect(try await state.get(StatePath(.pplans, "T")) == nil)
            #expect(try await state.get(StatePath(.tmanagers, "T")) == nil)
            #expect(try await state.packingPlan("T")?.id == "T1")
            #expect(try await state.secret(of: "T") == secret)
            #expect(try await state.children(StatePath(own: "T")) == ["secret"])
        }
    }

    @Test("A removed topology leaves nothing, and can be removed again", arguments: BackEnd.all)
    func remove(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            _ = try await submit(state, Samples.topology("T"))
            _ = try await submit(state, Samples.topology("T__x"))
            let runtime = try await open()
            for directory in [StateDirectory.pplans, .schedulers, .tmanagers, .metricscaches, .statefulcheckpoints] {
                let lifetime: NodeLifetime = directory == .tmanagers ? .ephemeral : .persistent
                try await runtime.create(StatePath(directory, "T"), bytes("x"), lifetime)
            }
            try await runtime.create(StatePath(own: "T", "mesos", "tasks", "1"), bytes("x"), .persistent)
            _ = try await runtime.acquireLock(topology: "T", timeout: .zero)
            _ = try await runtime.acquireLock(topology: "T", name: "service", timeout: .zero)
            _ = try await runtime.acquireLock(topology: "T__x", timeout: .zero)

            #expect(try await state.removeTopology("T"))
            for directory in StateDirectory.allCases where directory != .locks {
                #expect(try await state.get(StatePath(directory, "T")) == nil)
            }
            #expect(try await state.children(StatePath(.locks)) == ["T__x__updateTopology"])
            #expect(try await state.children(StatePath(["heron-swift"])) == ["T__x"])
            #expect(try await state.topologyNames() == ["T__x"])
            #expect(try await !state.removeTopology("T"))
            await runtime.close()
        }
    }

    @Test("A roll-back removes its own submission only", arguments: BackEnd.all)
    func rollBack(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            _ = try await submit(state, Samples.topology("T", id: "1"))
            try await state.rollBackSubmission(of: Samples.topology("T", id: "2"))
            #expect(try await state.topology("T")?.id == "T1")
            try await state.rollBackSubmission(of: Samples.topology("T", id: "1"))
            try await state.rollBackSubmission(of: Samples.topology("T", id: "1"))
            #expect(try await state.topologyNames() == [])
            #expect(try await state.children(StatePath(["heron-swift"])) == [])
        }
    }

    @Test("Bytes that are not the message are reported as corrupted", arguments: BackEnd.all)
    func corrupted(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            try await state.create(StatePath(.topologies, "T"), bytes("not a topology"), .persistent)
            try await state.create(StatePath(.packingplans, "T"), [], .persistent)
            try await state.create(StatePath(own: "T", "secret"), bytes("short"), .persistent)
            let error = await expectError(.corrupted, path: "topologies/T") { _ = try await state.topology("T") }
            #expect(error?.description.contains("expected heron.proto.api.Topology") == true)
            await expectError(.corrupted, path: "packingplans/T") { _ = try await state.packingPlan("T") }
            await expectError(.corrupted, path: "heron-swift/T/secret") { _ = try await state.secret(of: "T") }
            await expectError(.corrupted) { try await state.set(StatePath(.topologies, "T"), Topology(), version: nil) }
        }
    }

    @Test("A typed watch decodes what it sees", arguments: BackEnd.all)
    func watch(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.packingplans, "T")
            var values = state.watch(path, as: PackingPlan.self).makeAsyncIterator()
            #expect(try await values.next() == .some(nil))
            try await state.create(path, Samples.packingPlan("1"), .persistent)
            #expect(try await values.next()??.id == "1")
            try await state.set(path, Samples.packingPlan("2"), version: 0)
            #expect(try await values.next()??.id == "2")
        }
    }

    @Test("All who ask for a secret get the same", arguments: BackEnd.all)
    func createSecret(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            #expect(try await state.secret(of: "T") == nil)
            let secrets = try await withThrowingTaskGroup(of: TopologySecret.self) { group in
                for _ in 0..<4 { group.addTask { try await state.createSecret(of: "T") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(secrets.count == 1)
            #expect(try await state.secret(of: "T") == secrets.first)
        }
    }
}
