import HeronState
import Testing

/// What watchers see.
@Suite(.timeLimit(.minutes(1)))
struct WatchConformanceTests {
    @Test("A watch tells the present value and every later one", arguments: BackEnd.all)
    func node(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(.pplans, "T")
            var values = state.watch(path).makeAsyncIterator()
            #expect(try await values.next() == .some(nil))
            let other = try await open()
            try await other.create(path, bytes("0"), .persistent)
            #expect(try await values.next() == StateNode(data: bytes("0"), version: 0))
            try await other.set(path, bytes("1"), version: nil)
            #expect(try await values.next() == StateNode(data: bytes("1"), version: 1))
            try await state.delete(path, version: nil)
            #expect(try await values.next() == .some(nil))
            await other.close()
        }
    }

    @Test("A watch can wait for parents that come, go and come again", arguments: BackEnd.all)
    func parents(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(own: "T", "a", "b", "c")
            let stream = state.watch(path)
            var values = stream.makeAsyncIterator()
            #expect(try await values.next() == .some(nil))
            for round in ["1", "2"] {
                try await state.create(path, bytes(round), .persistent)
                #expect(try await values.next()??.text == round)
                try await state.deleteTree(StatePath(own: "T"))
                #expect(try await values.next() == .some(nil))
            }
        }
    }

    @Test("However quickly changes follow, the last one is told", arguments: BackEnd.all)
    func burst(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(own: "T", "n")
            try await state.create(path, bytes("0"), .persistent)
            let stream = state.watch(path)
            let writer = Task {
                let other = try await open()
                for number in 1...100 { try await other.set(path, bytes("\(number)"), version: nil) }
                await other.close()
            }
            for try await node in stream where node?.text == "100" { break }
            try await writer.value
        }
    }

    @Test("Watching children tells who comes and goes", arguments: BackEnd.all)
    func children(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let directory = StatePath(.topologies)
            var values = state.watchChildren(directory).makeAsyncIterator()
            #expect(try await values.next() == [])
            let other = try await open()
            try await other.create(directory.appending("b"), [], .persistent)
            #expect(try await values.next() == ["b"])
            try await other.create(directory.appending("a"), [], .ephemeral)
            #expect(try await values.next() == ["a", "b"])
            await other.close()
            #expect(try await values.next() == ["b"])
        }
    }

    @Test("Data of a node with children is watched too", arguments: BackEnd.all)
    func parentData(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(own: "T", "n")
            try await state.create(path, bytes("0"), .persistent)
            var values = state.watch(path).makeAsyncIterator()
            #expect(try await values.next()??.text == "0")
            try await state.create(path.appending("child"), [], .persistent)
            try await state.set(path, bytes("1"), version: nil)
            #expect(try await values.next()??.text == "1")
        }
    }

    @Test("The end of another manager is a change", arguments: BackEnd.all)
    func ephemeral(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(.tmanagers, "T")
            let owner = try await open()
            try await owner.create(path, bytes("x"), .ephemeral)
            var values = state.watch(path).makeAsyncIterator()
            #expect(try await values.next()??.text == "x")
            await owner.close()
            #expect(try await values.next() == .some(nil))
        }
    }

    @Test("Watches end with their manager and with their task", arguments: BackEnd.all)
    func end(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(.tmanagers, "T")
            let other = try await open()
            let stream = other.watch(path)
            let watching = Task { for try await _ in stream {} }
            var first = other.watch(path).makeAsyncIterator()
            #expect(try await first.next() == .some(nil))
            await other.close()
            try await watching.value
            #expect(try await first.next() == nil)

            let cancelled = Task { for try await _ in state.watch(path) {} }
            cancelled.cancel()
            try await cancelled.value
            // The manager goes on.
            var values = state.watch(path).makeAsyncIterator()
            #expect(try await values.next() == .some(nil))
        }
    }

    @Test("Many watches at once each see their own node", arguments: BackEnd.all)
    func many(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    let path = try StatePath(.tmanagers, "T\(index)")
                    group.addTask {
                        for try await node in state.watch(path) where node?.text == "\(index)" { break }
                    }
                    group.addTask { try await state.create(path, bytes("\(index)"), .ephemeral) }
                }
                try await group.waitForAll()
            }
        }
    }
}
