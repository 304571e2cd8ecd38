import HeronModel
import Testing

@testable import StreamManagerCore

@Suite struct FieldsHashTests {
    /// Computed with libstdc++.
    @Test(
        arguments: [
            ([], 6_142_509_188_972_423_790, 478_544_805),
            (Array("a".utf8), 4_993_892_634_952_068_459, 431_037_259),
            (Array("hello".utf8), 2_762_169_579_135_187_400, 401_699_860),
            (Array("heron-fields-grouping".utf8), 17_538_681_294_476_259_853, 579_365_506),
            (
                [0x80, 0x05, 0x95, 0x09, 0, 0, 0, 0, 0, 0, 0, 0x8C, 0x05, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x94, 0x2E],
                14_972_208_777_210_097_954, 382_673_393
            ),
        ] as [([UInt8], UInt64, Int32)]
    )
    func agreesWithHeron(_ bytes: [UInt8], _ hash: UInt64, _ contribution: Int32) {
        #expect(FieldsHash.hash(bytes.span.bytes, bytes.indices) == hash)
        #expect(FieldsHash.contribution(bytes.span.bytes, bytes.indices) == contribution)
    }

    @Test func hashesARangeLikeItsBytesAlone() {
        let bytes: [UInt8] = Array("xxhelloyy".utf8)
        #expect(FieldsHash.hash(bytes.span.bytes, 2..<7) == 2_762_169_579_135_187_400)
    }

    @Test func aSumThatOverflowedCountsAsUnsigned64Bit() {
        #expect(FieldsHash.position(ofSum: -1, among: 10) == Int(UInt64.max % 10))
        #expect(FieldsHash.position(ofSum: 401_699_860, among: 3) == 401_699_860 % 3)
    }
}

@Suite struct GroupingTests {
    private func tasks(_ bolt: String, of tuples: [[String]], named: [Int32] = []) throws -> [[Int32]] {
        var router = try routerFor(Fixture.plan(bolts: [bolt]))
        return try tuples.map { values in
            let set = Fixture.set([Fixture.tuple(values, tasks: named)])
            try router.route(Fixture.bytes(set), from: 1, now: .uptimeNanoseconds(0))
            var tasks: [Int32] = []
            let all = router.tasks
            router.cache.drain { slot, _ in tasks.append(all[slot].id) }
            return tasks
        }
    }

    @Test(arguments: ["shuffled", "none"])
    func oneAfterTheOther(_ bolt: String) throws {
        let sorted = try #require(Fixture.bolts.first { $0.name == bolt }?.tasks.sorted())
        let chosen = try tasks(bolt, of: Array(repeating: ["a", "1"], count: 2 * sorted.count)).flatMap(\.self)
        #expect(chosen.count == 2 * sorted.count)
        let start = try #require(sorted.firstIndex(of: chosen[0]))
        #expect(chosen == (0..<chosen.count).map { sorted[(start + $0) % sorted.count] })
    }

    @Test func fieldsGoByTheHashOfTheirValue() throws {
        // 401699860 mod 3 = 1, 431037259 mod 3 = 1, 478544805 mod 3 = 0 among the tasks 6, 7, 8.
        let chosen = try tasks("counted", of: [["hello", "1"], ["hello", "2"], ["a", "1"], ["", "1"]])
        #expect(chosen == [[7], [7], [7], [6]])
    }

    @Test func aTupleWithoutTheFieldIsLost() throws {
        var router = try routerFor(Fixture.plan(bolts: ["counted"]))
        try router.route(Fixture.bytes(Fixture.set([Fixture.tuple([])])), from: 1, now: .uptimeNanoseconds(0))
        #expect(router.cache.isEmpty)
        #expect(router.losses.count(.valueMissing) == 1)
    }

    @Test func everyTaskAndTheLowest() throws {
        #expect(try tasks("everywhere", of: [["a", "1"]]) == [[9, 10]])
        #expect(try tasks("lowest", of: [["a", "1"], ["b", "2"]]) == [[11], [11]])
    }

    @Test func theEmitterNamesTheTasks() throws {
        #expect(try tasks("chosen", of: [["a", "1"]]) == [[]])
        #expect(try tasks("chosen", of: [["a", "1"]], named: [16, 15]) == [[16, 15]])
    }

    @Test func namedTasksAreAddedToThoseOfOtherGroupings() throws {
        #expect(try tasks("lowest", of: [["a", "1"]], named: [12]) == [[11, 12]])
    }

    @Test func aNamedTaskThatDoesNotExistIsALoss() throws {
        var router = try routerFor(Fixture.plan(bolts: ["chosen"]))
        let set = Fixture.set([Fixture.tuple(["a", "1"], tasks: [15, 99])])
        try router.route(Fixture.bytes(set), from: 1, now: .uptimeNanoseconds(0))
        #expect(router.losses.count(.unknownTask) == 1)
        var slots: [Int] = []
        router.cache.drain { slot, _ in slots.append(slot) }
        #expect(slots.count == 1)
    }

    /// Positions are those of the producer's schema, in its order, whatever the order in the grouping.
    @Test func groupsBySeveralFieldsInTheOrderOfTheSchema() {
        var input = Heron_Proto_Api_InputStream()
        input.gtype = .fields
        input.groupingFields = Fixture.schema(["c", "a", "x"])
        let grouping = Grouping(input, schema: Fixture.schema(["a", "b", "c"]))
        guard case .fields(let positions) = grouping else {
            Issue.record("not a fields grouping: \(grouping)")
            return
        }
        #expect(positions == [0, 2])
    }
}

/// A router for container 1 with limits that tests do not reach.
func routerFor(_ plan: PhysicalPlan, maximumPacketSize: Int = 10 << 20) throws -> TupleRouter {
    var random = KeyGenerator()
    return TupleRouter(
        RoutingTable(plan, random: &random),
        stmgr: "stmgr-1",
        maximumPacketSize: maximumPacketSize,
        ledger: AckLedger(timeout: .seconds(30), generations: 3, now: .uptimeNanoseconds(0))
    )
}
