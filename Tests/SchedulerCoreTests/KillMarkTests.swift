import HeronState
import StateTesting
import Testing

@testable import SchedulerCore

@Suite("The mark of a topology that is being killed", .timeLimit(.minutes(1)))
struct KillMarkTests {
    @Test("It stands until the topology is removed, and can be set again")
    func standing() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(StatePath(.topologies, "Words"), [], .persistent)
            try await state.create(StatePath(own: "Words"), [], .persistent)
            #expect(try await !KillMark.stands("Words", in: state))
            for _ in 0..<2 { try await KillMark.set("Words", in: state) }
            #expect(try await KillMark.stands("Words", in: state))
            try await state.removeTopology("Words")
            #expect(try await !KillMark.stands("Words", in: state))
        }
    }

    @Test("A topology that is gone gets none: it would await the next one of that name")
    func gone() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(StatePath(own: "Words"), [], .persistent)
            try await KillMark.set("Words", in: state)
            #expect(try await !KillMark.stands("Words", in: state))
        }
    }

    @Test("That the state is away is an error, not an answer")
    func away() async throws {
        try await ScriptedState.run { state, _ in
            state.isAway = true
            await #expect(throws: StateError.self) { try await KillMark.set("Words", in: state) }
            await #expect(throws: StateError.self) { _ = try await KillMark.stands("Words", in: state) }
        }
    }
}
