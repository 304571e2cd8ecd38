import HeronWire
import NIOCore

/// What can be told about an encoded `HeronTupleSet` or `HeronTupleSet2` without decoding its tuples; the two have the
/// same encoding, because a message and its bytes look alike in another message.
enum TupleSet {
    /// The number of data tuples.
    static func count(_ set: ByteBuffer) throws(WireError) -> Int {
        let bytes = set.readableBytesSpan
        var count = 0
        var fields = FieldScanner(bytes)
        while let field = try fields.next(in: bytes) {
            guard field.number == 1, field.kind == .bytes else { continue }
            var members = FieldScanner(field.value)
            while let member = try members.next(in: bytes) { count += member.number == 2 ? 1 : 0 }
        }
        return count
    }
}

/// A `TupleStreamMessage` from another stream manager: where to, and a set that stays as it is.
struct TupleStream {
    /// The task that is to receive the set.
    let task: Int32
    /// The number of data tuples, as the sender counted them.
    let tupleCount: Int
    /// The offsets of the encoded `HeronTupleSet2` in the message.
    let set: Range<Int>
    /// The offsets of the control tuples, if the set holds those instead of data.
    let control: Range<Int>?

    init(_ bytes: RawSpan) throws(WireError) {
        var task: Int32?
        var set: Range<Int>?
        var count: UInt64 = 0
        var fields = FieldScanner(bytes)
        while let field = try fields.next(in: bytes) {
            switch (field.number, field.kind) {
            case (1, .varint): task = Int32(truncatingIfNeeded: field.varint)
            case (2, .bytes): set = field.value
            case (4, .varint): count = field.varint
            default: break
            }
        }
        guard let task, let set else {
            throw WireError(.malformedMessage, "a TupleStreamMessage lacks its task or its set")
        }
        self.task = task
        self.set = set
        tupleCount = Int(clamping: Int32(truncatingIfNeeded: count))
        control = try TupleStream.controlTuples(of: set, in: bytes)
    }

    /// Only the first fields are looked at: a set begins with its data or its control tuples.
    private static func controlTuples(of set: Range<Int>, in bytes: RawSpan) throws(WireError) -> Range<Int>? {
        var fields = FieldScanner(set)
        while let field = try fields.next(in: bytes), field.kind == .bytes {
            if field.number == 1 { return nil }
            if field.number == 2 { return field.value }
        }
        return nil
    }
}
