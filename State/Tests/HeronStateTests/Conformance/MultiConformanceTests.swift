import HeronState
import Testing

/// Several operations at once.
@Suite(.timeLimit(.minutes(1)))
struct MultiConformanceTests {
    @Test("All operations take effect", arguments: BackEnd.all)
    func all(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let (old, kept, new) = (
                try StatePath(.pplans, "T"), try StatePath(.packingplans, "T"), try StatePath(own: "T", "n")
            )
            try await state.create(old, bytes("old"), .persistent)
            try await state.create(kept, bytes("0"), .persistent)
            try await state.multi([
                .check(kept, version: 0),
                .create(new, bytes("new"), .persistent),
                .set(kept, bytes("1"), version: 0),
                .delete(old, version: 0),
            ])
            #expect(try await state.get(old) == nil)
            #expect(try await state.get(kept) == StateNode(data: bytes("1"), version: 1))
            #expect(try await state.get(new) == StateNode(data: bytes("new"), version: 0))
            try await state.multi([])
        }
    }

    @Test("One that fails keeps all others from happening, and is named", arguments: BackEnd.all)
    func none(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let (first, second) = (try StatePath(.topologies, "T"), try StatePath(.packingplans, "T"))
            try await state.create(second, bytes("0"), .persistent)
            let failing: [(StateError.Code, StateOperation)] = [
                (.nodeExists, .create(second, [], .persistent)),
                (.badVersion, .set(second, [], version: 7)),
                (.badVersion, .delete(second, version: 7)),
                (.badVersion, .check(second, version: 7)),
            ]
            for (code, operation) in failing {
                await expectError(code, path: "packingplans/T") {
                    try await state.multi([.create(first, [], .persistent), operation])
                }
                #expect(try await state.get(first) == nil)
            }
            let none = try StatePath(.pplans, "T")
            for operation in [
                StateOperation.set(none, [], version: nil), .delete(none, version: nil), .check(none, version: 0),
            ] {
                await expectError(.noNode, path: "pplans/T") {
                    try await state.multi([.delete(second, version: nil), operation])
                }
                #expect(try await state.get(second) == StateNode(data: bytes("0"), version: 0))
            }
        }
    }

    @Test("A node can be required to be absent", arguments: BackEnd.all)
    func absent(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let (path, other) = (try StatePath(.pplans, "T"), try StatePath(own: "T", "n"))
            try await state.multi([.checkAbsent(path), .checkAbsent(other), .create(path, bytes("0"), .persistent)])
            #expect(try await state.get(path) == StateNode(data: bytes("0"), version: 0))
            #expect(try await state.get(other) == nil)
            await expectError(.nodeExists, path: "pplans/T") {
                try await state.multi([.create(other, [], .persistent), .checkAbsent(path)])
            }
            #expect(try await state.get(other) == nil)
            // Each operation sees those before it here too.
            await expectError(.nodeExists, path: "heron-swift/T/n") {
                try await state.multi([.create(other, [], .persistent), .checkAbsent(other)])
            }
            try await state.multi([.delete(path, version: 0), .checkAbsent(path)])
            #expect(try await state.get(path) == nil)
        }
    }

    @Test("Each operation sees those before it", arguments: BackEnd.all)
    func order(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, _ in
            let path = try StatePath(own: "T", "a")
            let child = try path.appending("b")
            try await state.multi([
                .create(path, bytes("0"), .persistent),
                .set(path, bytes("1"), version: 0),
                .create(child, bytes("c"), .persistent),
                .check(path, version: 1),
            ])
            #expect(try await state.get(path) == StateNode(data: bytes("1"), version: 1))
            #expect(try await state.get(child)?.text == "c")
            await expectError(.notEmpty, path: "heron-swift/T/a") {
                try await state.multi([.delete(path, version: nil)])
            }
            try await state.multi([
                .delete(child, version: nil),
                .delete(path, version: 1),
                .create(path, bytes("2"), .persistent),
            ])
            #expect(try await state.get(path) == StateNode(data: bytes("2"), version: 0))
            #expect(try await state.get(child) == nil)
            try await state.multi([.delete(path, version: nil), .delete(StatePath(own: "T"), version: nil)])
            #expect(try await state.get(StatePath(own: "T")) == nil)
        }
    }

    @Test("Readers see all of it or nothing", arguments: BackEnd.all)
    func atomic(_ backEnd: BackEnd) async throws {
        try await backEnd.run { state, open in
            let (a, b) = (try StatePath(own: "T", "a"), try StatePath(own: "T", "b"))
            try await state.multi([.create(a, bytes("0"), .persistent), .create(b, bytes("0"), .persistent)])
            let writer = Task {
                let own = try await open()
                for number in 1...30 {
                    let data = bytes("\(number)")
                    try await own.multi([.set(a, data, version: nil), .set(b, data, version: nil)])
                }
                await own.close()
            }
            var last = 0
            while last < 30 {
                // b is written with a: what is read of it later is never older.
                let first = try await state.number(a)
                let second = try await state.number(b)
                #expect(first >= last)
                #expect(second >= first)
                last = second
            }
            try await writer.value
        }
    }
}
