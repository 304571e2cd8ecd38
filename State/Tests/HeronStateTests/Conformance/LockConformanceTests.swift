import HeronState
import Testing

/// Locks on topologies.
@Suite(.timeLimit(.minutes(1)))
struct LockConformanceTests {
    @Test("A lock has one holder, and the next gets it when it is released", arguments: BackEnd.all)
    func exclusion(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let lock = try await state.acquireLock(topology: "T", timeout: .seconds(5))
            let other = try await open()
            let error = await expectError(.timeout, path: "locks/T__updateTopology") {
                _ = try await other.acquireLock(topology: "T", timeout: .milliseconds(20))
            }
            #expect(error?.message.contains("another process has held the lock") == true)
            let waiting = Task { try await other.acquireLock(topology: "T", timeout: .seconds(30)) }
            try await lock.release()
            let second = try await waiting.value
            try await lock.release()
            #expect(try await state.children(StatePath(.locks)).count == 1, "the first holder has nothing to release")
            try await second.release()
            #expect(try await state.children(StatePath(.locks)) == [])
            await other.close()
        }
    }

    @Test("Locks of other names and topologies do not matter", arguments: BackEnd.all)
    func independence(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let locks = [
                try await state.acquireLock(topology: "T", timeout: .zero),
                try await state.acquireLock(topology: "T", name: "service", timeout: .zero),
                try await state.acquireLock(topology: "T_", timeout: .zero),
            ]
            for lock in locks { try await lock.release() }
            for name in ["a__b", "_a"] {
                await expectError(.invalidPath) {
                    _ = try await state.acquireLock(topology: "T", name: name, timeout: .zero)
                }
            }
        }
    }

    @Test("A holder that closes its manager gives its locks up", arguments: BackEnd.all)
    func close(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let other = try await open()
            _ = try await other.acquireLock(topology: "T", timeout: .zero)
            let waiting = Task { try await state.acquireLock(topology: "T", timeout: .seconds(30)) }
            await other.close()
            try await waiting.value.release()
        }
    }

    @Test("Whoever gives up waiting does not get the lock later", arguments: BackEnd.all)
    func cancellation(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let lock = try await state.acquireLock(topology: "T", timeout: .zero)
            let other = try await open()
            let waiting = Task { try await other.acquireLock(topology: "T", timeout: .seconds(30)) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            try await lock.release()
            #expect(try await state.children(StatePath(.locks)) == [])
            await other.close()
        }
    }

    @Test("Of many who count under a lock none is lost", arguments: BackEnd.all)
    func counting(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(own: "T", "counter")
            try await state.create(path, bytes("0"), .persistent)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        let own = try await open()
                        let lock = try await own.acquireLock(topology: "T", timeout: .seconds(30))
                        let count = try await own.number(path)
                        try await own.set(path, bytes("\(count + 1)"), version: nil)
                        try await lock.release()
                        await own.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await state.get(path)?.text == "5")
        }
    }

    @Test("What Heron's Java client holds is waited for, and what it leaves behind is removed", arguments: BackEnd.all)
    func curator(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.locks, "T__updateTopology")
            let lease = try path.appending("leases").appending("_c_1-lease-0000000000")
            try await state.create(lease, bytes("10.0.0.1"), .ephemeral)
            try await state.create(path.appending("locks"), [], .persistent)
            await expectError(.timeout, path: path.description) {
                _ = try await state.acquireLock(topology: "T", timeout: .milliseconds(20))
            }
            let waiting = Task { try await state.acquireLock(topology: "T", timeout: .seconds(30)) }
            try await state.delete(lease, version: nil)
            try await waiting.value.release()
            #expect(try await state.get(path) == nil)
            // Only the folder itself may be left, too.
            try await state.create(path, [], .persistent)
            try await state.acquireLock(topology: "T", timeout: .zero).release()
            #expect(try await state.get(path) == nil)
        }
    }
}
