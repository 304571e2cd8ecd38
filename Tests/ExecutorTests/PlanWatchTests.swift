import HeronModel
import HeronState
import Synchronization
import Testing

@testable import ExecutorCore

@Suite struct PlanWatchTests {
    private let folder: TemporaryFolder
    private let recorder = LogRecorder()
    private let plans: StatePath
    private let topologies: StatePath

    init() throws {
        folder = try TemporaryFolder()
        plans = try StatePath(.packingplans, "Words")
        topologies = try StatePath(.topologies, "Words")
    }

    @Test func everyChangeIsFollowed() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let seen = Seen()
        let watching = watch(state, grace: .seconds(600), seen)
        #expect(await eventually { seen.counts.last == 1 })
        try await state.set(plans, packingPlan([(1, ["word", "word"])]), version: nil)
        #expect(await eventually { seen.counts.last == 2 })
        try await state.delete(plans, version: nil)
        #expect(await eventually { recorder.lines.contains { $0.contains("is away") } })
        try await state.create(plans, packingPlan([(1, ["word", "word", "word"])]), .persistent)
        #expect(await eventually { seen.counts.last == 3 })
        watching.cancel()
        #expect(await watching.value == false)
        await state.close()
    }

    @Test func onlyAGoneTopologyEndsIt() async throws {
        let state = try await openState()
        try await state.create(topologies, [], .persistent)
        let seen = Seen()
        let watching = watch(state, grace: .milliseconds(20), seen)
        // An empty node is no topology, but there: an unreadable state is no reason to end.
        #expect(
            await eventually { recorder.lines.count { $0.contains("cannot find out whether 'Words' is gone") } > 2 }
        )
        try await state.delete(topologies, version: nil)
        #expect(await watching.value == true)
        #expect(seen.counts.isEmpty)
        await state.close()
    }

    @Test func aNodeThatIsNoPlanIsTriedAgain() async throws {
        let state = try await openState()
        try await state.create(plans, [1, 2, 3], .persistent)
        let seen = Seen()
        let watching = watch(state, grace: .seconds(600), seen)
        #expect(await eventually { recorder.lines.contains { $0.contains("cannot follow the packing plan") } })
        try await state.set(plans, packingPlan([(1, ["word"])]), version: nil)
        #expect(await eventually { seen.counts.last == 1 })
        watching.cancel()
        #expect(await watching.value == false)
        await state.close()
    }

    /// Instances of each plan that came.
    private final class Seen: Sendable {
        private let recorded = Mutex<[Int]>([])
        var counts: [Int] { recorded.withLock { $0 } }
        func add(_ plan: PackingPlan) {
            recorded.withLock { $0.append(plan.containerPlans.map(\.instancePlans.count).reduce(0, +)) }
        }
    }

    /// Ends with whether the topology is gone.
    private func watch(_ state: any StateManager, grace: Duration, _ seen: Seen) -> Task<Bool, Never> {
        let watch = PlanWatch("Words", in: state, grace: grace, log: recorder.logger())
        return Task {
            try? await watch.run { seen.add($0) }
            return !Task.isCancelled
        }
    }

    private func openState() async throws -> any StateManager {
        try await openStateManager(StateSettings(connection: "LOCALMODE", rootPath: "\(folder.path)/state")) { _, _ in }
    }
}
