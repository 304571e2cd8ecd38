import HeronState
import Testing

/// Nodes that end with their manager.
@Suite(.timeLimit(.minutes(1)))
struct EphemeralConformanceTests {
    @Test("An ephemeral node ends with its own manager, not with another", arguments: BackEnd.all)
    func close(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let (one, two) = (try await open(), try await open())
            let (first, second) = (try StatePath(.tmanagers, "one"), try StatePath(.tmanagers, "two"))
            try await one.create(first, bytes("1"), .ephemeral)
            try await two.create(second, bytes("2"), .ephemeral)
            #expect(try await state.children(StatePath(.tmanagers)) == ["one", "two"])
            await one.close()
            #expect(try await state.get(first) == nil)
            #expect(try await state.get(second)?.text == "2")
            #expect(try await state.children(StatePath(.tmanagers)) == ["two"])
            await two.close()
            #expect(try await state.children(StatePath(.tmanagers)) == [])
        }
    }

    @Test("An ephemeral node is created once, and can be set and deleted by others", arguments: BackEnd.all)
    func others(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let owner = try await open()
            let path = try StatePath(.schedulers, "T")
            try await owner.create(path, bytes("0"), .ephemeral)
            await expectError(.nodeExists) { try await state.create(path, [], .ephemeral) }
            #expect(try await state.set(path, bytes("1"), version: 0).version == 1)
            #expect(try await owner.get(path)?.text == "1")
            #expect(try await state.delete(path, version: 1))
            try await state.create(path, bytes("2"), .persistent)
            await owner.close()
            #expect(try await state.get(path)?.text == "2", "the node is another's by now")
        }
    }

    @Test("An ephemeral node that others have set still ends with its manager", arguments: BackEnd.all)
    func setByOthers(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let owner = try await open()
            let path = try StatePath(own: "T", "executors", "3")
            try await owner.create(path, bytes("0"), .ephemeral)
            try await state.set(path, bytes("1"), version: nil)
            await owner.close()
            #expect(try await state.get(path) == nil)
            #expect(try await state.get(StatePath(own: "T", "executors")) != nil)
        }
    }

    @Test("An ephemeral node has no children", arguments: BackEnd.all)
    func noChildren(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(own: "T", "e")
            try await state.create(path, [], .ephemeral)
            await #expect(throws: StateError.self) {
                try await state.create(path.appending("child"), [], .persistent)
            }
        }
    }

    @Test("Ephemeral nodes come in a multi too", arguments: BackEnd.all)
    func multi(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let owner = try await open()
            let (lasting, passing) = (try StatePath(own: "T", "p"), try StatePath(own: "T", "e"))
            try await owner.multi([.create(lasting, [], .persistent), .create(passing, [], .ephemeral)])
            await owner.close()
            #expect(try await state.get(lasting) != nil)
            #expect(try await state.get(passing) == nil)
        }
    }
}
