import Testing

@testable import MesosAPI

@Suite struct RecordIODecoderTests {
    @Test func recordsComeOutAsTheyWentIn() throws {
        var decoder = RecordIODecoder()
        decoder.append(Array("20\n{\"type\":\"HEARTBEAT\"}0\n3\nabc1".utf8))
        #expect(try decoder.next() == Array("{\"type\":\"HEARTBEAT\"}".utf8))
        #expect(try decoder.next() == [])
        #expect(try decoder.next() == Array("abc".utf8))
        #expect(try decoder.next() == nil)
        #expect(!decoder.isBetweenRecords)
        decoder.append(Array("\nx".utf8))
        #expect(try decoder.next() == Array("x".utf8))
        #expect(try decoder.next() == nil)
        #expect(decoder.isBetweenRecords)
    }

    @Test(arguments: 0..<50)
    func cutsDoNotMatter(_ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let records = (0..<40).map { _ in
            (0..<Int.random(in: 0...(Bool.random(using: &random) ? 3 : 5000), using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
        }
        let bytes = records.flatMap { Array("\($0.count)\n".utf8) + $0 }
        #expect(try decode(bytes, longestPiece: Int.random(in: 1...8000, using: &random), &random) == records)
    }

    @Test func aLargeRecordMayComeInSmallPieces() throws {
        var decoder = RecordIODecoder()
        let count = 32 << 20
        decoder.append(Array("\(count)\n".utf8))
        let piece = [UInt8](repeating: 7, count: 16 << 10)
        for _ in 0..<(count / piece.count) {
            #expect(try decoder.next() == nil)
            decoder.append(piece)
        }
        #expect(try decoder.next()?.count == count)
        #expect(decoder.isBetweenRecords)
    }

    @Test(arguments: ["\n", "-1\n", "+1\n", " 1\n", "1 \n", "1\r\n", "{\"type\":1}", "0x10\n"])
    func whatIsNoLengthIsAnError(_ text: String) {
        var decoder = RecordIODecoder()
        decoder.append(Array(text.utf8))
        let error = #expect(throws: RecordIOError.self) { try decoder.next() }
        guard case .notALength = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func lengthsAreBounded() throws {
        var decoder = RecordIODecoder(maximumRecordBytes: 10)
        decoder.append(Array("10\n0123456789".utf8))
        #expect(try decoder.next()?.count == 10)
        decoder.append(Array("11".utf8))
        // Without its line feed: nothing of it has to be kept.
        #expect(throws: RecordIOError.tooLong(limit: 10)) { try decoder.next() }

        for text in ["99999999999999999999", "18446744073709551616", "9223372036854775808"] {
            var decoder = RecordIODecoder(maximumRecordBytes: .max)
            decoder.append(Array(text.utf8))
            #expect(throws: RecordIOError.tooLong(limit: .max)) { try decoder.next() }
        }
        var zeros = RecordIODecoder()
        zeros.append([UInt8](repeating: UInt8(ascii: "0"), count: 21))
        #expect(throws: RecordIOError.endlessLength) { try zeros.next() }
    }

    @Test(arguments: 0..<100)
    func garbageIsAnErrorOrWaitsForMore(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        var decoder = RecordIODecoder(maximumRecordBytes: 1000)
        let alphabet = Array("0123456789\n\n\nab\u{0}".utf8)
        do {
            for _ in 0..<200 {
                decoder.append(
                    (0..<Int.random(in: 0...50, using: &random)).compactMap { _ in
                        alphabet.randomElement(using: &random)
                    }
                )
                while let record = try decoder.next() { #expect(record.count <= 1000) }
            }
        } catch {
            #expect(!"\(error)".isEmpty)
        }
    }
}

/// Decodes bytes that come in random pieces.
func decode(
    _ bytes: [UInt8],
    longestPiece: Int,
    _ random: inout SeededGenerator
) throws -> [[UInt8]] {
    var decoder = RecordIODecoder()
    var records: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...longestPiece, using: &random))
        rest.removeFirst(piece.count)
        decoder.append(piece)
        while let record = try decoder.next() { records.append(record) }
    }
    #expect(decoder.isBetweenRecords)
    return records
}

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
