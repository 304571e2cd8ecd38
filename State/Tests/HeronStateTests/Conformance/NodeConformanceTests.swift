import HeronState
import Testing

/// Single nodes: what every state manager does alike.
@Suite(.timeLimit(.minutes(1)))
struct NodeConformanceTests {
    @Test("A created node has its data and version 0", arguments: BackEnd.all)
    func create(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.topologies, "T")
            #expect(try await state.get(path) == nil)
            try await state.create(path, bytes("one"), .persistent)
            #expect(try await state.get(path) == StateNode(data: bytes("one"), version: 0))
        }
    }

    @Test("A second create fails and changes nothing", arguments: BackEnd.all)
    func createTwice(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.topologies, "T")
            try await state.create(path, bytes("one"), .persistent)
            await expectError(.nodeExists, path: "topologies/T") {
                try await state.create(path, bytes("two"), .persistent)
            }
            #expect(try await state.get(path)?.text == "one")
        }
    }

    @Test("Every set counts the version up", arguments: BackEnd.all)
    func set(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(.pplans, "T")
            await expectError(.noNode, path: "pplans/T") { try await state.set(path, [], version: nil) }
            try await state.create(path, bytes("0"), .persistent)
            #expect(try await state.set(path, bytes("1"), version: nil).version == 1)
            let other = try await open()
            #expect(try await other.set(path, bytes("2"), version: 1) == StateNode(data: bytes("2"), version: 2))
            #expect(try await state.get(path) == StateNode(data: bytes("2"), version: 2))
            await other.close()
        }
    }

    @Test("A write with another version than the node's is refused", arguments: BackEnd.all)
    func versions(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.packingplans, "T")
            try await state.create(path, bytes("0"), .persistent)
            try await state.set(path, bytes("1"), version: 0)
            await expectError(.badVersion, path: "packingplans/T") { try await state.set(path, [], version: 0) }
            await expectError(.badVersion) { try await state.delete(path, version: 0) }
            #expect(try await state.get(path) == StateNode(data: bytes("1"), version: 1))
            #expect(try await state.delete(path, version: 1))
        }
    }

    @Test("A deleted node is gone, and a new one starts at version 0", arguments: BackEnd.all)
    func delete(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(.executionstate, "T")
            #expect(try await !state.delete(path, version: nil))
            #expect(try await !state.delete(path, version: 3))
            try await state.create(path, bytes("0"), .persistent)
            try await state.set(path, bytes("1"), version: nil)
            #expect(try await state.delete(path, version: nil))
            #expect(try await state.get(path) == nil)
            try await state.create(path, bytes("2"), .persistent)
            #expect(try await state.get(path)?.version == 0)
        }
    }

    @Test("Data may be empty, large and any bytes", arguments: BackEnd.all)
    func data(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let contents: [[UInt8]] = [[], Array(0...255), [UInt8](repeating: 7, count: 500_000)]
            for (index, content) in contents.enumerated() {
                let path = try StatePath(own: "T", "\(index)")
                try await state.create(path, content, .persistent)
                #expect(try await state.get(path)?.data == content)
            }
        }
    }

    @Test("Children are sorted, and a node that is not there has none", arguments: BackEnd.all)
    func children(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            #expect(try await state.children(StatePath(.topologies)) == [])
            for name in ["b", "a", "c"] {
                try await state.create(StatePath(.topologies, name), [], .persistent)
            }
            #expect(try await state.children(StatePath(.topologies)) == ["a", "b", "c"])
            #expect(try await state.children(StatePath(.topologies, "a")) == [])
            #expect(try await state.children(StatePath(own: "none")) == [])
        }
    }

    @Test("Missing parents are made, and last", arguments: BackEnd.all)
    func parents(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(own: "T", "ledger", "1")
            try await state.create(path, bytes("x"), .persistent)
            #expect(try await state.get(StatePath(own: "T", "ledger")) == StateNode(data: [], version: 0))
            #expect(try await state.children(StatePath(own: "T")) == ["ledger"])
            await expectError(.notEmpty) { try await state.delete(StatePath(own: "T"), version: nil) }
            try await state.delete(path, version: nil)
            #expect(try await state.get(StatePath(own: "T", "ledger")) != nil)
            #expect(try await state.delete(StatePath(own: "T", "ledger"), version: nil))
            #expect(try await state.delete(StatePath(own: "T"), version: nil))
            #expect(try await state.get(StatePath(own: "T")) == nil)
        }
    }

    @Test("A node has data and children at once", arguments: BackEnd.all)
    func dataAndChildren(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let node = try StatePath(own: "T", "node")
            let child = try node.appending("child")
            try await state.create(node, bytes("0"), .persistent)
            try await state.set(node, bytes("1"), version: nil)
            try await state.create(child, bytes("c"), .persistent)
            #expect(try await state.get(node) == StateNode(data: bytes("1"), version: 1))
            #expect(try await state.set(node, bytes("2"), version: 1).version == 2)
            #expect(try await state.get(node)?.text == "2")
            #expect(try await state.get(child)?.text == "c")
            await expectError(.notEmpty) { try await state.delete(node, version: nil) }
            try await state.delete(child, version: nil)
            #expect(try await state.delete(node, version: 2))
            #expect(try await state.children(StatePath(own: "T")) == [])
        }
    }

    @Test("A node that was made as a parent can get data", arguments: BackEnd.all)
    func dataForParent(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let parent = try StatePath(own: "T", "parent")
            try await state.create(parent.appending("child"), [], .persistent)
            await expectError(.nodeExists) { try await state.create(parent, bytes("x"), .persistent) }
            #expect(try await state.set(parent, bytes("x"), version: 0).version == 1)
            #expect(try await state.get(parent) == StateNode(data: bytes("x"), version: 1))
            #expect(try await state.children(parent) == ["child"])
        }
    }

    @Test(
        "Unusual names are names",
        arguments: BackEnd.all,
        [
            ".hidden", "..x", ".lock", ".meta", ".data", "with space", "ä€漢", "a__b", "%2F",
            String(repeating: "n", count: 250),
        ]
    )
    func names(_ backEnd: BackEnd, _ name: String) async throws {
        try await backEnd.run { state, _ in
            for path in [try StatePath(.topologies, name), try StatePath(own: name, name)] {
                try await state.create(path, bytes(name), .persistent)
                #expect(try await state.get(path)?.text == name)
                #expect(try await state.children(#require(path.parent)) == [name])
                #expect(try await state.delete(path, version: nil))
            }
        }
    }

    @Test("After close every call says so", arguments: BackEnd.all)
    func close(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let other = try await open()
            await other.close()
            await other.close()
            let path = try StatePath(.topologies, "T")
            await expectError(.closed) { _ = try await other.get(path) }
            await expectError(.closed) { try await other.create(path, [], .persistent) }
            await expectError(.closed) { try await other.multi([]) }
            await expectError(.closed) { for try await _ in other.watch(path) {} }
            for await _ in other.sessionEvents {}
            #expect(try await state.get(path) == nil)
        }
    }

    @Test("Of many who create a node exactly one succeeds", arguments: BackEnd.all)
    func race(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(.topologies, "T")
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let own = try await open()
                        var hasWon = true
                        do {
                            try await own.create(path, bytes("\(index)"), .persistent)
                        } catch let error as StateError where error.code == .nodeExists {
                            hasWon = false
                        }
                        await own.close()
                        return hasWon
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }

    @Test("Conditional sets lose no update", arguments: BackEnd.all)
    func counter(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let path = try StatePath(own: "T", "counter")
            try await state.create(path, bytes("0"), .persistent)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let own = try await open()
                        var done = 0
                        while done < 10 {
                            let node = try #require(try await own.get(path))
                            let next = try #require(Int(node.text)) + 1
                            do {
                                try await own.set(path, bytes("\(next)"), version: node.version)
                                done += 1
                            } catch let error as StateError where error.code == .badVersion {}
                        }
                        await own.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await state.get(path) == StateNode(data: bytes("40"), version: 40))
        }
    }
}
