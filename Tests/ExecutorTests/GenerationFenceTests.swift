import FoundationEssentials
import HeronModel
import HeronState
import Logging
import StateTesting
import Synchronization
import Testing
import ZooKeeperTesting

@testable import ExecutorCore

@Suite(.timeLimit(.minutes(1))) struct GenerationFenceTests {
    @Test func aNewerExecutorReplacesAnOlderOne() async throws {
        try await ScriptedState.run { state, open in
            let old = try Contender(1, in: try await open())
            try await old.holds()
            let new = try Contender(2, in: state)
            try await new.holds()
            #expect(
                await old.end()
                    == .superseded(
                        "generation 2 of this container on h2 has replaced this one, which is generation 1"
                    )
            )
            #expect(try await holder(state)?.generation == 2)
            // What the older one does at its end takes nothing from the newer one.
            await old.state.close()
            #expect(try await holder(state)?.generation == 2)
            #expect(new.recorder.lines == ["notice: taking the place of generation 1 of this container on h1"])
            await new.stop()
        }
    }

    @Test func anOlderExecutorEndsAtOnce() async throws {
        try await ScriptedState.run { state, open in
            let new = try Contender(7, in: state)
            try await new.holds()
            let old = try Contender(6, in: try await open())
            #expect(
                await old.end()
                    == .superseded(
                        "generation 7 of this container on h7 has replaced this one, which is generation 6"
                    )
            )
            #expect(!old.wasPermitted)
            await old.state.close()
            await new.stop()
        }
    }

    @Test func theNewestOfManyIsLeft() async throws {
        try await ScriptedState.run { state, open in
            var contenders: [Contender] = []
            for generation in [3, 1, 5, 2, 4] {
                contenders.append(try Contender(Int64(generation), in: try await open()))
            }
            for contender in contenders where contender.generation != 5 {
                guard case .superseded = await contender.end() else {
                    Issue.record("generation \(contender.generation) goes on")
                    continue
                }
            }
            try await contenders[2].holds()
            #expect(try await holder(state)?.generation == 5)
            for contender in contenders {
                await contender.stop()
                await contender.state.close()
            }
        }
    }

    /// As when the older one looked before the newer one came, and wrote after it.
    @Test func aNodeThatAnOlderExecutorTookIsTakenBack() async throws {
        try await ScriptedState.run { state, open in
            let new = try Contender(2, in: state)
            try await new.holds()
            let other = try await open()
            let old = GenerationHolder(generation: 1, topologyID: Contender.topologyID, host: "h1")
            try await replaceNode(in: other, with: old)
            #expect(try await eventually { try await holder(state)?.generation == 2 })
            await other.close()
            await new.stop()
        }
    }

    @Test func aDeletedNodeIsPutBack() async throws {
        try await ScriptedState.run { state, _ in
            try await submit(Contender.topologyID, to: state)
            let contender = try Contender(4, in: state)
            try await contender.holds()
            try await state.delete(Contender.path, version: nil)
            #expect(try await eventually { try await holder(state)?.generation == 4 })
            await contender.stop()
        }
    }

    @Test func aKilledTopologyStaysWithoutANode() async throws {
        try await ScriptedState.run { state, _ in
            try await submit(Contender.topologyID, to: state)
            let contender = try Contender(4, in: state)
            try await contender.holds()
            try await state.removeTopology("Words")
            #expect(await contender.end() == .topologyGone)
            #expect(try await state.children(StatePath(own: "Words")) == [])
        }
    }

    /// Generations begin anew with a topology; an executor of the one before must not count.
    @Test(arguments: [Int64(1), 9]) func aNewSubmissionIsAnotherTopology(_ generation: Int64) async throws {
        try await ScriptedState.run { state, open in
            let old = try Contender(5, in: try await open())
            try await old.holds()
            try await submit("Words-new", to: state)
            let new = try Contender(generation, topologyID: "Words-new", in: state)
            try await new.holds()
            #expect(await old.end() == .topologyGone)
            let late = try Contender(10, in: old.state)
            #expect(await late.end() == .topologyGone)
            #expect(try await holder(state)?.topologyID == "Words-new")
            await old.state.close()
            await new.stop()
        }
    }

    @Test func aSecondExecutorOfOneGenerationIsRefused() async throws {
        try await ScriptedState.run { state, open in
            let first = try Contender(3, in: try await open())
            try await first.holds()
            let second = try Contender(3, in: state)
            guard case .failed(let reason) = await second.end() else {
                Issue.record("it goes on")
                return
            }
            #expect(reason.hasPrefix("generation 3 of this container on h3 lives already: "), "\(reason)")
            await first.stop()
            await first.state.close()
        }
    }

    @Test func theNodeOfADeadOneOfItsGenerationIsWaitedOut() async throws {
        try await ScriptedState.run(predecessorTimeout: .seconds(600)) { state, open in
            let first = try Contender(3, in: try await open())
            try await first.holds()
            let second = try Contender(3, in: state)
            await first.stop()
            await first.state.close()
            try await second.holds()
            await second.stop()
        }
    }

    @Test func aNodeOfUnknownContentIsReplaced() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(Contender.path, Array("?".utf8), .persistent)
            let contender = try Contender(1, in: state)
            try await contender.holds()
            #expect(contender.recorder.lines == ["notice: taking the place of an unknown holder"])
            await contender.stop()
        }
    }

    @Test func anOutageIsWaitedOutWithOneLine() async throws {
        try await ScriptedState.run { state, _ in
            state.isAway = true
            let contender = try Contender(1, in: state)
            #expect(await eventually { !contender.recorder.lines.isEmpty })
            #expect(!contender.wasPermitted)
            state.isAway = false
            try await contender.holds()
            #expect(contender.recorder.lines.count == 1)
            await contender.stop()
        }
    }

    @Test func theEnvironmentHasTheGeneration() throws {
        let name = "HERON_CONTAINER_GENERATION"
        #expect(try GenerationFence.generation(in: [:]) == nil)
        #expect(try GenerationFence.generation(in: [name: "12"]) == 12)
        for text in ["", "0", "-1", "x", "1.5", "99999999999999999999"] {
            #expect(throws: ExecutorError("\(name)='\(text)' is not a number from 1")) {
                try GenerationFence.generation(in: [name: text])
            }
        }
    }

    @Test(.enabled(if: ZooKeeperServer.isInstalled, Comment(rawValue: ZooKeeperServer.missing)))
    func zooKeeperFencesToo() async throws {
        let server = try await ZooKeeperServer.shared()
        let settings = StateSettings(connection: server.connection, rootPath: "/fence")
        func open() async throws -> any StateManager { try await openStateManager(settings) { _, _ in } }
        let (state, other) = (try await open(), try await open())
        let old = try Contender(1, in: state)
        try await old.holds()
        let new = try Contender(2, in: other)
        try await new.holds()
        guard case .superseded = await old.end() else {
            Issue.record("generation 1 goes on")
            return
        }
        await state.close()
        #expect(try await holder(other)?.generation == 2)
        await new.stop()
        await other.close()
    }
}

/// A fence at work.
private final class Contender: Sendable {
    static let topologyID = "Words-old"

    static var path: StatePath { get throws { try StatePath(own: "Words", "generations", "3") } }

    let generation: Int64
    let state: any StateManager
    let recorder = LogRecorder()
    private let running: Task<Executor.End?, Never>
    private let permission: AsyncStream<Void>
    private let permitted: Permitted

    init(_ generation: Int64, topologyID: String = topologyID, in state: any StateManager) throws {
        self.generation = generation
        self.state = state
        let holder = GenerationHolder(generation: generation, topologyID: topologyID, host: "h\(generation)")
        let fence = try GenerationFence(holder, container: 3, of: "Words", in: state, log: recorder.logger())
        let (permission, permit) = AsyncStream.makeStream(of: Void.self)
        let permitted = Permitted()
        running = Task {
            let end = await fence.run {
                permitted.value.withLock { $0 = true }
                permit.yield()
            }
            permit.finish()
            return end
        }
        (self.permission, self.permitted) = (permission, permitted)
    }

    private final class Permitted: Sendable {
        let value = Mutex(false)
    }

    var wasPermitted: Bool { permitted.value.withLock(\.self) }

    /// Waits until it holds the node.
    func holds() async throws {
        try #require(await permission.first { _ in true } != nil)
    }

    func end() async -> Executor.End? { await running.value }

    func stop() async {
        running.cancel()
        _ = await running.value
    }
}

private func holder(_ state: any StateManager) async throws -> GenerationHolder? {
    try await state.get(Contender.path).flatMap(GenerationHolder.init)
}

private func replaceNode(in state: any StateManager, with holder: GenerationHolder) async throws {
    let data = [UInt8](try JSONEncoder().encode(holder))
    try await state.multi([.delete(Contender.path, version: nil), .create(Contender.path, data, .ephemeral)])
}

/// Writes the definition of a topology, with little more than its id.
private func submit(_ id: String, to state: any StateManager) async throws {
    let topology = Topology.with {
        $0.id = id
        $0.name = "Words"
        $0.state = .running
    }
    try await state.create(StatePath(.topologies, "Words"), topology, .persistent)
}
