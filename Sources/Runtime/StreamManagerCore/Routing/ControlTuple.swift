import HeronWire

/// What a control tuple says about a tuple below a root.
enum ControlEvent: Int, CaseIterable {
    // The values are the field numbers in `HeronControlTupleSet`.
    case ack = 1
    case fail = 2
    case emit = 3

    /// Heron applies the events of one set in this order.
    static let orderOfApplication: [ControlEvent] = [.emit, .ack, .fail]

    var setKind: OutgoingSet.Kind { self == .emit ? .emits : .acksAndFails }
}

/// One `AckTuple`: the roots that it concerns and the key of the tuple itself.
struct ControlTuple: Equatable {
    private(set) var roots: [Root] = []
    private(set) var key: UInt64 = 0

    /// Decodes the `AckTuple` in a range of the bytes.
    init(_ range: Range<Int>, in bytes: RawSpan) throws(WireError) {
        var scanner = FieldScanner(range)
        while let field = try scanner.next(in: bytes) {
            switch (field.number, field.kind) {
            case (1, .bytes): roots.append(try Root(field.value, in: bytes))
            case (2, .fixed64): key = bytes.littleEndian(at: field.value.lowerBound, as: UInt64.self)
            default: break
            }
        }
    }

    /// The field of a `HeronControlTupleSet` that reports an event about one root.
    static func encode(_ event: ControlEvent, _ root: Root, key: UInt64, into field: inout [UInt8]) {
        let rootSize = 1 + Varint.size(root.task) + 9
        field.removeAll(keepingCapacity: true)
        field.append(UInt8(event.rawValue) << 3 | WireField.Kind.bytes.rawValue)
        field.append(UInt8(2 + rootSize + 9))
        field.append(0x0A)
        field.append(UInt8(rootSize))
        field.append(0x08)
        var task = UInt64(bitPattern: Int64(root.task))
        while task >= 0x80 {
            field.append(UInt8(truncatingIfNeeded: task) | 0x80)
            task >>= 7
        }
        field.append(UInt8(task))
        append(0x11, root.key, to: &field)
        append(0x11, key, to: &field)
    }

    private static func append(_ tag: UInt8, _ value: UInt64, to field: inout [UInt8]) {
        field.append(tag)
        for byte in 0..<8 { field.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
    }
}

extension Root {
    /// Decodes the `RootId` in a range of the bytes.
    init(_ range: Range<Int>, in bytes: RawSpan) throws(WireError) {
        var task: Int32 = 0
        var key: UInt64 = 0
        var scanner = FieldScanner(range)
        while let field = try scanner.next(in: bytes) {
            switch (field.number, field.kind) {
            case (1, .varint): task = Int32(truncatingIfNeeded: field.varint)
            case (2, .fixed64): key = bytes.littleEndian(at: field.value.lowerBound, as: UInt64.self)
            default: break
            }
        }
        self.init(task: task, key: key)
    }
}
