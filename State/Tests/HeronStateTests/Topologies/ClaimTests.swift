import HeronState
import Testing

/// Claims in place of a predecessor whose node still stands.
@Suite(.timeLimit(.minutes(1)))
struct ClaimTests {
    private let path: StatePath

    init() throws {
        path = try StatePath(.tmanagers, "T")
    }

    @Test("A dead predecessor's node is waited out")
    func predecessor() async throws {
        try await BackEnd.localFiles.run { base, open in
            let predecessor = try await open()
            try await predecessor.create(path, bytes("old"), .ephemeral)
            let state = RelayedState(base, predecessorTimeout: .seconds(600))
            let claim = Task { try await state.claim(path, bytes("new")) }
            await predecessor.close()
            try await claim.value
            #expect(try await base.get(path)?.text == "new")
        }
    }

    @Test("Where no dead one's node can stand, another holder is an error at once, or after the patience")
    func live() async throws {
        try await BackEnd.localFiles.run { base, open in
            let other = try await open()
            try await other.create(path, bytes("other"), .ephemeral)
            await expectError(.nodeExists, path: "tmanagers/T") { try await base.claim(path, bytes("new")) }
            let begin = ContinuousClock.now
            await expectError(.nodeExists) { try await base.claim(path, bytes("new"), patience: .milliseconds(50)) }
            #expect(.now - begin >= .milliseconds(50))
            #expect(try await base.get(path)?.text == "other")
            await other.close()
        }
    }

    @Test("A claim whose answer was lost is recognized, then and when it is made again")
    func lostAnswer() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let state = RelayedState(
                base,
                after: { call in
                    if case .create = call { throw StateError(.timeout, path: "", "no answer") }
                }
            )
            try await state.claim(path, bytes("mine"))
            try await state.claim(path, bytes("mine"))
            await expectError(.nodeExists) { try await state.claim(path, bytes("other")) }
        }
    }
}
