import FoundationEssentials
import HeronState
import Logging
import Processes
import StateTesting
import Testing

@testable import SchedulerCore

@Suite("One live scheduler for each topology", .timeLimit(.minutes(1)))
struct LiveServiceGuardTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let path: StatePath
    private let topology: StatePath

    init() throws {
        path = try StatePath(own: "Words", "scheduler")
        topology = try StatePath(.topologies, "Words")
    }

    /// What a guard's node says of a holder.
    private func holder(_ host: String, _ process: ProcessIdentity?) throws -> [UInt8] {
        struct Holder: Encodable {
            let host: String
            let process: ProcessIdentity?
            let token: String
        }
        return [UInt8](try JSONEncoder().encode(Holder(host: host, process: process, token: "1")))
    }

    private var dead: ProcessIdentity { ProcessIdentity(processID: 1, startTime: 1, bootID: "before") }

    @Test("A second scheduler is refused at once while the first one lives here, and named")
    func second() async throws {
        try await ScriptedState.run(predecessorTimeout: .seconds(600)) { state, open in
            let other = try await open()
            let first = try await LiveServiceGuard.take("Words", other)
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .taken)
            let error = await #expect(throws: SchedulingError.self) {
                _ = try await LiveServiceGuard.take("Words", state)
            }
            #expect(error?.message.contains("has a live scheduler already (process ") == true)
            await first.release()
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .free)
            await (try LiveServiceGuard.take("Words", state)).release()
            await other.close()
        }
    }

    @Test("The node of one that died elsewhere is waited out")
    func elsewhere() async throws {
        try await ScriptedState.run(predecessorTimeout: .seconds(600)) { state, open in
            let other = try await open()
            try await other.create(path, holder("elsewhere", dead), .ephemeral)
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .taken)
            let taking = Task { try await LiveServiceGuard.take("Words", state) }
            await other.close()
            await (try taking.value).release()
        }
    }

    @Test("The node of one that died here is known as such")
    func here() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(path, holder(ServiceRecord.ownHost(), dead), .persistent)
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .leftBehind)
            try await state.set(path, holder(ServiceRecord.ownHost(), nil), version: nil)
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .taken)
            try await state.set(path, [], version: nil)
            #expect(try await LiveServiceGuard.holding(of: "Words", state) == .taken)
        }
    }

    @Test("A scheduler learns that another one has taken over, and leaves its node alone")
    func loss() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(topology, [], .persistent)
            let mine = try await LiveServiceGuard.take("Words", state)
            let losing = Task { try await mine.loss(log: log) }
            // Deleted by hand: it comes back.
            try await state.delete(path, version: nil)
            for try await node in state.watch(path) where node != nil { break }
            let other = try holder("elsewhere", dead)
            try await state.set(path, other, version: nil)
            #expect(try await losing.value == "another scheduler of 'Words' has taken over: process 1 on elsewhere")
            await mine.release()
            #expect(try await state.get(path)?.data == other)
        }
    }

    @Test("The end of the topology is no loss")
    func topologyGone() async throws {
        try await ScriptedState.run { state, _ in
            let mine = try await LiveServiceGuard.take("Words", state)
            try await state.delete(path, version: nil)
            #expect(try await mine.loss(log: log) == nil)
        }
    }
}
