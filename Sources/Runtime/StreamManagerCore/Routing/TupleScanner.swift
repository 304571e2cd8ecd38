import HeronWire

/// What routing needs to know of one `HeronDataTuple`, found without decoding it.
///
/// The lists keep their memory from tuple to tuple.
struct TupleScanner {
    /// The offset of the key's eight bytes, or nil if the tuple has no key.
    private(set) var keyOffset: Int?
    /// The ranges of the encoded roots.
    private(set) var roots: [Range<Int>] = []
    /// The ranges of the values; empty unless they were asked for.
    private(set) var values: [Range<Int>] = []
    /// The tasks that the emitting instance names.
    private(set) var namedTasks: [Int32] = []

    /// Scans the tuple in a range of the bytes.
    mutating func scan(_ tuple: Range<Int>, in bytes: RawSpan, findingValues: Bool) throws(WireError) {
        keyOffset = nil
        if !roots.isEmpty { roots.removeAll(keepingCapacity: true) }
        if !values.isEmpty { values.removeAll(keepingCapacity: true) }
        if !namedTasks.isEmpty { namedTasks.removeAll(keepingCapacity: true) }
        var fields = FieldScanner(tuple)
        while let field = try fields.next(in: bytes) {
            switch (field.number, field.kind) {
            case (1, .fixed64): keyOffset = field.value.lowerBound
            case (2, .bytes): roots.append(field.value)
            case (3, .bytes): if findingValues { values.append(field.value) }
            case (4, .varint): namedTasks.append(Int32(truncatingIfNeeded: field.varint))
            case (4, .bytes): try appendPackedTasks(field.value, in: bytes)
            default: break
            }
        }
    }

    /// Heron writes one field per task; protobuf lets a sender pack them into one.
    private mutating func appendPackedTasks(_ range: Range<Int>, in bytes: RawSpan) throws(WireError) {
        var numbers = FieldScanner(range)
        while let task = try numbers.nextVarint(in: bytes) {
            namedTasks.append(Int32(truncatingIfNeeded: task))
        }
    }
}
