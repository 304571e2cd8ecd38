import HeronState
import Testing

/// Locks whose session breaks.
@Suite(.timeLimit(.minutes(1)))
struct LockSessionTests {
    /// Waits until the lock has heard what it was told.
    private func becomes(_ isHeld: Bool, _ lock: StateLock) async throws {
        while lock.isHeld != isHeld { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("A lock is in doubt while the session may be over, and lost for good with it")
    func expiry() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let state = RelayedState(base)
            let lock = try await state.acquireLock(topology: "T", timeout: .zero)
            #expect(lock.isHeld)
            state.tell(.disconnected)
            state.tell(.expired)
            try await becomes(false, lock)
            state.tell(.connected)
            try await becomes(true, lock)
            state.tell(.ephemeralLost(try StatePath(.locks, "other")))
            state.tell(.expired)
            state.tell(.renewed)
            state.tell(.connected)
            try await becomes(false, lock)
            // What the manager has created again goes with the release.
            try await lock.release()
            #expect(try await base.children(StatePath(.locks)) == [])
        }
    }

    @Test("A lock that another has by now, one that is released and one whose manager is closed are not held")
    func ends() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let state = RelayedState(base)
            let lost = try await state.acquireLock(topology: "lost", timeout: .zero)
            state.tell(.ephemeralLost(try StatePath(.locks, "lost__updateTopology")))
            try await becomes(false, lost)
            let released = try await state.acquireLock(topology: "released", timeout: .zero)
            try await released.release()
            #expect(!released.isHeld)
            let closed = try await state.acquireLock(topology: "closed", timeout: .zero)
            await state.close()
            try await becomes(false, closed)
        }
    }

    @Test("A lock whose answer was lost is recognized")
    func lostAnswer() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let state = RelayedState(
                base,
                after: { call in
                    if case .create = call { throw StateError(.timeout, path: "", "no answer") }
                }
            )
            let lock = try await state.acquireLock(topology: "T", timeout: .zero)
            #expect(lock.isHeld)
            try await lock.release()
            #expect(try await base.children(StatePath(.locks)) == [])
        }
    }
}
