import HeronModel
import HeronWire
import NIOCore
import Testing

@testable import StreamManagerCore

@Suite struct TupleCacheTests {
    private let prefix: [UInt8] = [0x0A, 1, 0x61]

    private func field(_ size: Int) -> [UInt8] {
        precondition(size < 128)
        return [0x12, UInt8(size)] + Array(repeating: 0x62, count: size)
    }

    private func add(_ cache: inout TupleCache, _ size: Int, to slot: Int = 0, stream: Int = 0, source: Int32 = 1)
        -> Bool
    {
        let bytes = field(size)
        return cache.add(
            bytes.span.bytes,
            key: nil,
            to: slot,
            kind: .data(stream: stream),
            source: source,
            prefix: prefix
        )
    }

    @Test func tuplesOfOneSourceAndStreamShareASet() {
        var cache = TupleCache(slots: 2, maximumPacketSize: 4096)
        for (stream, source) in [(0, 1), (0, 1), (1, 1), (1, 2), (0, 1)] as [(Int, Int32)] {
            #expect(add(&cache, 10, stream: stream, source: source))
        }
        #expect(add(&cache, 10, to: 1))
        #expect(cache.bytes == 6 * 12)
        var sets: [(Int, OutgoingSet.Kind, Int32, Int)] = []
        cache.drain { slot, set in sets.append((slot, set.kind, set.source, set.tupleCount)) }
        #expect(sets.map(\.0) == [0, 0, 0, 0, 1])
        #expect(sets.map(\.1) == [0, 1, 1, 0, 0].map { .data(stream: $0) })
        #expect(sets.map(\.2) == [1, 1, 2, 1, 1])
        #expect(sets.map(\.3) == [2, 1, 1, 1, 1])
        #expect(cache.isEmpty)
        #expect(cache.bytes == 0)
    }

    /// Every packet, for instances and for peers, is within the limit and close to it; nothing is lost.
    @Test(arguments: [300, 301, 302, 511, 1024, 4096])
    func noPacketExceedsTheLimit(_ limit: Int) throws {
        var cache = TupleCache(slots: 1, maximumPacketSize: limit)
        let sizes = (0..<500).map { $0 % 120 + 1 }
        let taken = sizes.filter { add(&cache, $0, source: .max) }
        #expect(taken.count == sizes.filter { prefix.count + 2 + $0 <= limit - OutgoingSet.overhead }.count)
        var count = 0
        var isForPeer = false
        cache.drain { _, set in
            count += set.tupleCount
            isForPeer.toggle()
            let packet = isForPeer ? set.packetForPeer(task: .max) : set.packetForInstance()
            #expect(packet.readableBytes - 4 <= limit)
            var decoder = PacketDecoder(maximumPacketSize: limit)
            decoder.feed(packet)
            #expect(throws: Never.self) { try decoder.next() }
        }
        #expect(count == taken.count)
    }

    @Test func aTupleOfTheLargestSizeIsTakenAndOneByteMoreIsNot() {
        let limit = OutgoingSet.overhead + prefix.count + 2 + 100
        var cache = TupleCache(slots: 1, maximumPacketSize: limit)
        #expect(add(&cache, 100))
        #expect(!add(&cache, 101))
        #expect(cache.bytes == 102)
    }

    @Test func aSlowReceiversPacketsHoldLittleMoreThanTheirBytes() {
        var cache = TupleCache(slots: 1, maximumPacketSize: 10 << 20)
        // A large set makes the next one expect much.
        for _ in 0..<600 { _ = add(&cache, 100) }
        cache.drain { _, _ in }
        _ = add(&cache, 100)
        cache.drain { _, set in #expect(set.packetForInstance().storageCapacity <= 512) }
    }
}

@Suite struct OutgoingSetTests {
    @Test(arguments: [1, 127, 128, 300, 70_000, Int32.max, -1] as [Int32])
    func peersGetTheSetInATupleStreamMessage(_ task: Int32) throws {
        let tuple: [UInt8] = try Fixture.tuple(["hello", "1"]).serializedBytes()
        let streamID: [UInt8] = try Fixture.stream().serializedBytes()
        var set = OutgoingSet(
            kind: .data(stream: 0),
            source: task,
            prefix: Varint.bytesField(1, streamID),
            capacity: 16
        )
        for _ in 0..<200 { set.append(Varint.bytesField(2, tuple).span.bytes) }
        let packet = set.packetForPeer(task: task)
        var decoder = PacketDecoder(maximumPacketSize: 1 << 20)
        decoder.feed(packet)
        let message = try #require(try decoder.next()).decode(as: Heron_Proto_Stmgr_TupleStreamMessage.self)
        #expect(decoder.unreadBytes == 0)
        #expect(message.taskID == task)
        #expect(message.srcTaskID == task)
        #expect(message.numTuples == 200)
        let inner = try DeliveredSet(serializedBytes: message.set)
        #expect(inner.srcTaskID == task)
        #expect(inner.data.stream == Fixture.stream())
        #expect(inner.data.tuples.map { Array($0) } == Array(repeating: tuple, count: 200))
        // Fields in ascending order and numbers as short as possible, as every protobuf library writes them.
        let canonical: [UInt8] = try message.serializedBytes()
        #expect(packet == PacketHeader(of: Heron_Proto_Stmgr_TupleStreamMessage.self).packet(canonical.span.bytes))
    }

    @Test func theReceiverFindsTaskAndSetWithoutDecoding() throws {
        var message = Heron_Proto_Stmgr_TupleStreamMessage()
        (message.taskID, message.srcTaskID, message.numTuples) = (7, 1, 3)
        message.set = try DeliveredSet(serializedBytes: Array(Fixture.bytes(Fixture.set([])).readableBytesView))
            .serializedBytes()
        let bytes: [UInt8] = try message.serializedBytes()
        let stream = try TupleStream(bytes.span.bytes)
        #expect(stream.task == 7)
        #expect(stream.tupleCount == 3)
        #expect(Array(bytes[stream.set]) == Array(message.set))
        #expect(stream.control == nil)
        #expect(throws: WireError.self) { try TupleStream([0x08, 1].span.bytes) }
    }
}

@Suite struct DrainPacerTests {
    private func at(_ microseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .microseconds(microseconds) }

    @Test func atRestTuplesLeaveAtOnceAndUnderLoadWithCompany() {
        var pacer = DrainPacer(upperBound: .milliseconds(10))
        #expect(pacer.cached(bytes: 100, now: at(10_000)) == .endOfRound)
        #expect(pacer.cached(bytes: 200, now: at(10_001)) == .wait)
        pacer.drained(now: at(10_050))
        #expect(pacer.cached(bytes: 100, now: at(10_250)) == .later(.microseconds(800)))
        #expect(pacer.cached(bytes: 100, now: at(10_300)) == .wait)
        pacer.drained(now: at(11_050))
        #expect(pacer.cached(bytes: 100, now: at(12_050)) == .endOfRound)
    }

    @Test func theConfigurationOnlyShortensTheWait() {
        for (bound, wait) in [(TimeAmount.microseconds(300), 300), (.milliseconds(50), 1000)] as [(TimeAmount, Int64)] {
            var pacer = DrainPacer(upperBound: bound)
            pacer.drained(now: at(0))
            #expect(pacer.cached(bytes: 1, now: at(0)) == .later(.microseconds(wait)))
        }
    }

    @Test func muchDoesNotWait() {
        var pacer = DrainPacer(upperBound: .milliseconds(10))
        pacer.drained(now: at(0))
        #expect(pacer.cached(bytes: 1 << 20, now: at(1)) == .now)
    }
}

@Suite struct BackPressureTests {
    private let limits = BackPressure.Limits(high: 1000, low: 500)

    @Test func beginsAtTheHighMarkAndEndsBelowTheLowOne() {
        var pressure = BackPressure(limits: limits)
        #expect(pressure.observe(largest: 999, total: 999) == [])
        #expect(pressure.observe(largest: 1000, total: 1000) == [.pauseSpouts, .announceStart])
        #expect(pressure.observe(largest: 2000, total: 2000) == [])
        #expect(pressure.observe(largest: 500, total: 500) == [])
        #expect(pressure.observe(largest: 499, total: 499) == [.resumeSpouts, .announceStop])
        #expect(!pressure.spoutsPaused)
    }

    @Test func spoutsPauseAsLongAsAnyoneAnnounces() {
        var pressure = BackPressure(limits: limits)
        #expect(pressure.peerStarted("stmgr-2") == [.pauseSpouts])
        #expect(pressure.peerStarted("stmgr-2") == [])
        #expect(pressure.peerStarted("stmgr-3") == [])
        #expect(pressure.observe(largest: 1000, total: 1000) == [.announceStart])
        #expect(pressure.peerStopped("stmgr-2") == [])
        #expect(pressure.observe(largest: 0, total: 0) == [.announceStop])
        #expect(pressure.peerStopped("stmgr-3") == [.resumeSpouts])
        #expect(pressure.peerStopped("stmgr-3") == [])
    }

    /// Heron's 100 and 50 MiB per connection would be 400 MiB with four slow receivers.
    @Test func allConnectionsTogetherHaveALimit() {
        let limits = BackPressure.Limits(high: 100 << 20, low: 50 << 20)
        #expect(limits.high == 16 << 20)
        #expect(limits.totalHigh == 24 << 20)
        var pressure = BackPressure(limits: limits)
        #expect(pressure.observe(largest: 6 << 20, total: 23 << 20) == [])
        #expect(pressure.observe(largest: 6 << 20, total: 24 << 20) == [.pauseSpouts, .announceStart])
        #expect(pressure.observe(largest: 3 << 20, total: 12 << 20) == [])
        #expect(pressure.observe(largest: 3 << 20, total: (12 << 20) - 1) == [.resumeSpouts, .announceStop])
    }
}
