/// One field of a protobuf message: found, not decoded.
public struct WireField {
    /// How a field's value is encoded; groups (3 and 4) are not used by any message here.
    public enum Kind: UInt8, Sendable {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    /// The field's number in its message.
    public let number: Int
    public let kind: Kind
    /// The offset of the field's tag.
    public let start: Int
    /// The offsets of the value's bytes, without tag and length.
    public let value: Range<Int>
    /// The value of a varint; 0 for the other kinds.
    public let varint: UInt64

    @usableFromInline
    init(number: Int, kind: Kind, start: Int, value: Range<Int>, varint: UInt64) {
        self.number = number
        self.kind = kind
        self.start = start
        self.value = value
        self.varint = varint
    }

    /// The offsets of the whole field, tag and length included.
    @inlinable public var field: Range<Int> { start..<value.upperBound }
}

/// Walks over the fields of a protobuf message without decoding it: a position between two offsets.
///
/// Every offset is checked against the message's end, so that no input whatsoever reads beyond it; what is not a
/// sequence of fields throws `malformedMessage`. The bytes are passed to each call, so that a scanner can be kept.
public struct FieldScanner {
    @usableFromInline var offset: Int
    @usableFromInline let end: Int

    /// A scanner over a whole message.
    @inlinable
    public init(_ bytes: RawSpan) {
        offset = 0
        end = bytes.byteCount
    }

    /// A scanner over a message inside another one; the range comes from a field that was found in the same bytes.
    @inlinable
    public init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next field, or nil at the end.
    @inlinable @inline(__always)
    public mutating func next(in bytes: RawSpan) throws(WireError) -> WireField? {
        guard offset < end else { return nil }
        let start = offset
        let tag = try readVarint(in: bytes)
        guard let kind = WireField.Kind(rawValue: UInt8(tag & 7)), tag >> 3 > 0, tag >> 3 < 1 << 29 else {
            throw FieldScanner.malformed("has an impossible tag", at: start)
        }
        var varint: UInt64 = 0
        var valueStart = offset
        switch kind {
        case .varint: varint = try readVarint(in: bytes)
        case .fixed64: try skip(8)
        case .fixed32: try skip(4)
        case .bytes:
            let length = try readVarint(in: bytes)
            valueStart = offset
            try skip(length)
        }
        return WireField(number: Int(tag >> 3), kind: kind, start: start, value: valueStart..<offset, varint: varint)
    }

    /// The varint at the current position, for packed fields.
    @inlinable
    public mutating func nextVarint(in bytes: RawSpan) throws(WireError) -> UInt64? {
        offset < end ? try readVarint(in: bytes) : nil
    }

    /// Most numbers here, tags and lengths, have one byte.
    @inlinable @inline(__always)
    mutating func readVarint(in bytes: RawSpan) throws(WireError) -> UInt64 {
        if offset < end {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if byte < 0x80 {
                offset += 1
                return UInt64(byte)
            }
        }
        return try readLongVarint(in: bytes)
    }

    @usableFromInline
    mutating func readLongVarint(in bytes: RawSpan) throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        let start = offset
        while offset < end {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift < 70 else { throw FieldScanner.malformed("has a number of more than ten bytes", at: start) }
        }
        throw FieldScanner.malformed("ends within a number", at: start)
    }

    @inlinable @inline(__always)
    mutating func skip(_ count: UInt64) throws(WireError) {
        guard count <= UInt64(end - offset) else { throw FieldScanner.malformed("ends within a field", at: offset) }
        offset += Int(count)
    }

    @usableFromInline
    static func malformed(_ what: String, at offset: Int) -> WireError {
        WireError(.malformedMessage, "a message \(what), at byte \(offset)")
    }
}

extension RawSpan {
    /// The little-endian integer at an offset, as protobuf's fixed kinds store it; traps if it is not within the bytes.
    @inlinable
    public func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        T(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// Whether these are the same bytes.
    @inlinable
    public func isEqual(to bytes: [UInt8]) -> Bool {
        let other = bytes.span.bytes
        guard byteCount == other.byteCount else { return false }
        var offset = 0
        while byteCount - offset >= 8 {
            let isSame = littleEndian(at: offset, as: UInt64.self) == other.littleEndian(at: offset, as: UInt64.self)
            guard isSame else { return false }
            offset += 8
        }
        while offset < byteCount {
            guard littleEndian(at: offset, as: UInt8.self) == other.littleEndian(at: offset, as: UInt8.self) else {
                return false
            }
            offset += 1
        }
        return true
    }
}
