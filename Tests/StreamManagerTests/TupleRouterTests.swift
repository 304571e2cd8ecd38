import HeronModel
import HeronWire
import NIOCore
import Testing

@testable import StreamManagerCore

@Suite struct TupleRouterTests {
    private let now = NIODeadline.uptimeNanoseconds(0)

    /// The sets that wait for departure, decoded, with their tasks.
    private func drained(_ router: inout TupleRouter) throws -> [(task: Int32, set: DeliveredSet)] {
        let tasks = router.tasks
        var packets: [(Int32, ByteBuffer)] = []
        router.cache.drain { slot, set in packets.append((tasks[slot].id, set.packetForInstance())) }
        return try packets.map { ($0.0, try decode($0.1)) }
    }

    @Test func deliversTuplesAsTheyAre() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let tuples = [Fixture.tuple(["a", "1"]), Fixture.tuple(["", "2"], tasks: [11])]
        try router.route(Fixture.bytes(Fixture.set(tuples)), from: 1, now: now)
        let sets = try drained(&router)
        #expect(sets.map(\.task) == [11])
        let set = try #require(sets.first?.set)
        #expect(set.srcTaskID == 1)
        #expect(set.data.stream == Fixture.stream())
        // The second tuple goes there twice: by its grouping and because its emitter names the task.
        let expected: [[UInt8]] = try [tuples[0], tuples[1], tuples[1]].map { try $0.serializedBytes() }
        #expect(set.data.tuples.map { Array($0) } == expected)
    }

    @Test func dropsStreamsThatNobodyConsumesSilently() throws {
        var router = try routerFor(Fixture.plan(bolts: []))
        try router.route(Fixture.bytes(Fixture.set([Fixture.tuple(["a", "1"])])), from: 1, now: now)
        var other = Fixture.set([Fixture.tuple(["a", "1"])])
        other.data.stream.id = "undeclared"
        try router.route(Fixture.bytes(other), from: 1, now: now)
        #expect(router.cache.isEmpty)
        #expect(router.losses.isEmpty)
    }

    @Test func findsAStreamWhoseFieldsAreInAnotherOrder() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let stream: [UInt8] = [0x12, 5] + Array("words".utf8) + [0x0A, 7] + Array("default".utf8)
        let tuple: [UInt8] = try Fixture.tuple(["a", "1"]).serializedBytes()
        // The tuple before its stream, too.
        let data = [0x12, UInt8(tuple.count)] + tuple + [0x0A, UInt8(stream.count)] + stream
        let set = [0x18, 1, 0x0A, UInt8(data.count)] + data
        try router.route(ByteBuffer(bytes: set), from: 1, now: now)
        #expect(try drained(&router).map(\.set.data.tuples.count) == [1])
    }

    @Test func refusesKeysThatItDidNotGive() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let set = Fixture.set([Fixture.tuple(["a", "1"], key: 7), Fixture.tuple(["b", "1"])])
        try router.route(Fixture.bytes(set), from: 1, now: now)
        #expect(router.losses.count(.keyGiven) == 1)
        #expect(try drained(&router).map(\.set.data.tuples.count) == [1])
    }

    @Test func dropsWhatIsLargerThanAPacket() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]), maximumPacketSize: 1024)
        let large = Fixture.tuple([String(repeating: "x", count: 1000)])
        try router.route(Fixture.bytes(Fixture.set([large, Fixture.tuple(["a"])])), from: 1, now: now)
        #expect(router.losses.count(.tooLarge) == 1)
        #expect(try drained(&router).map(\.set.data.tuples.count) == [1])
    }

    @Test(
        arguments: [
            [0x0A, 0x05, 0x0A],  // Data that ends too early.
            [0x0A, 0x00],  // Data without a stream.
            [0x12, 0x02, 0x0A, 0x05],  // A control tuple that ends too early.
            [0x12, 0x04, 0x0A, 0x02, 0x0A, 0x7F],  // A root that ends too early.
        ] as [[UInt8]]
    )
    func malformedSetsThrow(_ bytes: [UInt8]) throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        #expect(throws: WireError.self) { try router.route(ByteBuffer(bytes: bytes), from: 1, now: now) }
        #expect(router.cache.isEmpty)
    }

    /// Whatever an instance sends is routed, counted as lost or refused, and everything that leaves is well formed.
    @Test(arguments: 0..<100)
    func survivesDamagedSets(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var router = try routerFor(Fixture.plan())
        let roots = [Root(task: 1, key: 5)]
        let set = Fixture.set([Fixture.tuple(["a", "1"], roots: roots), Fixture.tuple(["b", "2"], tasks: [15])])
        for _ in 0..<50 {
            var bytes: [UInt8] = try set.serializedBytes()
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try? router.route(ByteBuffer(bytes: bytes), from: 1, now: now)
        }
        let tasks = router.tasks
        var packets: [ByteBuffer] = []
        router.cache.drain { slot, set in
            packets.append(slot.isMultiple(of: 2) ? set.packetForInstance() : set.packetForPeer(task: tasks[slot].id))
        }
        for packet in packets {
            var decoder = PacketDecoder(maximumPacketSize: 10 << 20)
            decoder.feed(packet)
            #expect(try decoder.next() != nil)
            #expect(decoder.unreadBytes == 0)
        }
    }
}

@Suite struct AcknowledgementTests {
    private let now = NIODeadline.uptimeNanoseconds(0)
    private let root = Root(task: 1, key: 0x8000_0000_0000_0001)

    private func control(_ event: ControlEvent, _ roots: [Root], key: UInt64) -> TupleSetMessage {
        var tuple = Heron_Proto_System_AckTuple()
        tuple.roots = roots.map { root in
            var id = Heron_Proto_System_RootId()
            (id.taskid, id.key) = (root.task, Int64(bitPattern: root.key))
            return id
        }
        tuple.ackedtuple = Int64(bitPattern: key)
        var set = TupleSetMessage()
        set.srcTaskID = 11
        switch event {
        case .ack: set.control.acks = [tuple]
        case .fail: set.control.fails = [tuple]
        case .emit: set.control.emits = [tuple]
        }
        return set
    }

    private func drained(_ router: inout TupleRouter) throws -> [(task: Int32, set: DeliveredSet)] {
        let tasks = router.tasks
        var packets: [(Int32, ByteBuffer)] = []
        router.cache.drain { slot, set in packets.append((tasks[slot].id, set.packetForInstance())) }
        return try packets.map { ($0.0, try decode($0.1)) }
    }

    /// Emits one rooted tuple from the spout to task 11 and returns the key that it was given.
    private func emit(_ router: inout TupleRouter) throws -> UInt64 {
        let tuple = Fixture.tuple(["a", "1"], roots: [root])
        try router.route(Fixture.bytes(Fixture.set([tuple])), from: 1, now: now)
        let sets = try drained(&router)
        let delivered = try DataTuple(serializedBytes: try #require(sets.first?.set.data.tuples.first))
        #expect(delivered.roots == tuple.roots)
        #expect(delivered.values == tuple.values)
        #expect(delivered.key > 0)
        return UInt64(bitPattern: delivered.key)
    }

    @Test func aRootIsDoneWhenItsTupleIs() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let key = try emit(&router)
        #expect(router.ledger.count == 1)
        try router.route(Fixture.bytes(control(.ack, [root], key: key)), from: 11, now: now)
        let sets = try drained(&router)
        #expect(sets.map(\.task) == [1])
        let done = try #require(sets.first?.set.control.acks.first)
        #expect(done.roots.map(\.taskid) == [1])
        #expect(done.roots.map(\.key) == [Int64(bitPattern: root.key)])
        #expect(done.ackedtuple == 0)
        #expect(router.ledger.count == 0)
    }

    @Test func aRootIsDoneOnlyWhenEverythingBelowItIs() throws {
        var router = try routerFor(Fixture.plan(bolts: ["everywhere", "lowest"]))
        let tuple = Fixture.tuple(["a", "1"], roots: [root])
        try router.route(Fixture.bytes(Fixture.set([tuple])), from: 1, now: now)
        let keys = try drained(&router).map { try DataTuple(serializedBytes: $0.set.data.tuples[0]).key }
        #expect(Set(keys).count == 3)
        for (index, key) in keys.enumerated() {
            let ack = control(.ack, [root], key: UInt64(bitPattern: key))
            try router.route(Fixture.bytes(ack), from: 11, now: now)
            #expect(try drained(&router).count == (index == 2 ? 1 : 0))
        }
    }

    @Test func aFailureIsReportedOnce() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let key = try emit(&router)
        try router.route(Fixture.bytes(control(.fail, [root], key: key)), from: 11, now: now)
        #expect(try drained(&router).map(\.set.control.fails.count) == [1])
        try router.route(Fixture.bytes(control(.fail, [root], key: key)), from: 11, now: now)
        #expect(try drained(&router).isEmpty)
    }

    @Test func theSpoutsStreamManagerIsToldOfWhatABoltDoes() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]) { $0 <= 2 ? 2 : 1 })
        try router.route(Fixture.bytes(control(.ack, [root], key: 7)), from: 11, now: now)
        let sets = try drained(&router)
        #expect(sets.map(\.task) == [1])
        let ack = try #require(sets.first?.set.control.acks.first)
        #expect(ack.ackedtuple == 7)
        #expect(ack.roots.map(\.key) == [Int64(bitPattern: root.key)])
    }

    @Test func aPeersReportsAreApplied() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        let key = try emit(&router)
        // A bolt elsewhere announces a tuple of its own below the root, then is done with the first, then the other is.
        var random = KeyGenerator()
        let child = random.nextKey()
        for (event, key, count) in [(ControlEvent.emit, child, 0), (.ack, key, 0), (.ack, child, 1)] {
            let bytes: [UInt8] = try control(event, [root], key: key).control.serializedBytes()
            try router.applyControl(bytes.indices, in: bytes.span.bytes, now: now)
            #expect(try drained(&router).count == count)
        }
    }

    @Test func aSpoutsTupleHasOneRootOfItsOwn() throws {
        var router = try routerFor(Fixture.plan(bolts: ["lowest"]))
        for roots in [[root, Root(task: 1, key: 9)], [Root(task: 2, key: 9)]] {
            let tuple = Fixture.tuple(["a", "1"], roots: roots)
            try router.route(Fixture.bytes(Fixture.set([tuple])), from: 1, now: now)
        }
        #expect(router.losses.count(.rootsWrong) == 2)
        #expect(router.cache.isEmpty)
    }

    @Test func rootsAreForgottenAfterTheTimeout() throws {
        var ledger = AckLedger(timeout: .seconds(30), generations: 3, now: now)
        ledger.create(root, key: 7)
        // The first rotation after the time-out, the next ones after 30 / 3 + 30 % 3 = 10 s each.
        ledger.advance(to: now + .seconds(30))
        ledger.advance(to: now + .seconds(49))
        #expect(ledger.count == 1)
        ledger.advance(to: now + .seconds(50))
        #expect(ledger.count == 0)
        let isDone = ledger.toggle(root, key: 7)
        #expect(!isDone)
    }

    @Test func theLedgerCatchesUpAfterAPause() {
        var ledger = AckLedger(timeout: .seconds(30), generations: 3, now: now)
        ledger.create(root, key: 7)
        ledger.advance(to: now + .hours(10))
        #expect(ledger.count == 0)
        ledger.create(root, key: 7)
        ledger.advance(to: now + .hours(10) + .seconds(10))
        #expect(ledger.count == 1)
    }
}

/// The set in a packet, which must be whole and alone.
func decode(_ packet: ByteBuffer) throws -> DeliveredSet {
    var decoder = PacketDecoder(maximumPacketSize: 10 << 20)
    decoder.feed(packet)
    let packet = try #require(try decoder.next())
    #expect(decoder.unreadBytes == 0)
    #expect(packet.requestID.isNone)
    return try packet.decode(as: DeliveredSet.self)
}

/// A generator whose draws are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
