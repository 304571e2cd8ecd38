import HeronModel
import HeronWire
import Testing

@Suite struct FieldScannerTests {
    private func fields(_ bytes: [UInt8]) throws -> [WireField] {
        let span = bytes.span.bytes
        var scanner = FieldScanner(span)
        var fields: [WireField] = []
        while let field = try scanner.next(in: span) { fields.append(field) }
        return fields
    }

    @Test func findsTheFieldsOfATuple() throws {
        var tuple = Heron_Proto_System_HeronDataTuple()
        tuple.key = 0x0102_0304_0506_0708
        tuple.values = [.init("hello".utf8), .init()]
        tuple.destTaskIds = [300]
        let bytes: [UInt8] = try tuple.serializedBytes()
        let found = try fields(bytes)
        #expect(found.map(\.number) == [1, 3, 3, 4])
        #expect(found.map(\.kind) == [.fixed64, .bytes, .bytes, .varint])
        #expect(bytes.span.bytes.littleEndian(at: found[0].value.lowerBound, as: Int64.self) == tuple.key)
        #expect(bytes[found[1].value].elementsEqual("hello".utf8))
        #expect(found[2].value.isEmpty)
        #expect(found[3].varint == 300)
        // Fields follow each other without gaps.
        #expect(found.map(\.field.lowerBound).dropFirst() == found.map(\.field.upperBound).dropLast())
        #expect(found.last?.field.upperBound == bytes.count)
    }

    @Test func readsTheLargestNumbers() throws {
        let found = try fields([0x08] + Array(repeating: 0xFF, count: 9) + [0x01])
        #expect(found.map(\.varint) == [UInt64.max])
    }

    @Test(
        arguments: [
            [0x08],  // A number that is not there.
            [0x08, 0x80],  // One that ends in the middle.
            [0x08] + Array(repeating: 0xFF, count: 11),  // One of eleven bytes.
            [0x09, 1, 2, 3],  // Four of eight bytes.
            [0x0D, 1, 2, 3],  // Three of four bytes.
            [0x0A, 5, 1],  // A length beyond the end.
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],  // One beyond any memory.
            [0x00, 0x00],  // Field 0.
            [0x0B],  // A group.
            [0x0F],  // A kind that does not exist.
        ] as [[UInt8]]
    )
    func refusesWhatIsNoMessage(_ bytes: [UInt8]) {
        let error = #expect(throws: WireError.self) { try fields(bytes) }
        #expect(error?.code == .malformedMessage)
    }

    @Test func staysWithinItsRange() throws {
        // The number would go on behind the range.
        let bytes: [UInt8] = [0x08, 0x80, 0x01]
        let span = bytes.span.bytes
        var scanner = FieldScanner(0..<2)
        var error: WireError?
        do throws(WireError) { _ = try scanner.next(in: span) } catch let caught { error = caught }
        #expect(error?.code == .malformedMessage)
    }

    /// Random bytes are fields or an error; ranges are always within the bytes.
    @Test(arguments: 0..<200)
    func survivesRandomBytes(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let span = bytes.span.bytes
        var scanner = FieldScanner(span)
        var end = 0
        while let field = try? scanner.next(in: span) {
            #expect(field.start == end)
            end = field.value.upperBound
            #expect(end <= bytes.count)
        }
    }
}
