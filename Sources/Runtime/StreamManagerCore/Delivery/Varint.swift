import HeronWire
import NIOCore

/// Variable-length integers of protobuf, written to a buffer at an index.
enum Varint {
    /// The encoded size in bytes.
    static func size(_ value: UInt64) -> Int {
        value == 0 ? 1 : (64 - value.leadingZeroBitCount + 6) / 7
    }

    /// The encoded size of an `int32`, which is ten bytes if it is negative.
    static func size(_ value: Int32) -> Int {
        size(UInt64(bitPattern: Int64(value)))
    }

    /// A field (1 to 15) with these bytes as its value.
    static func bytesField(_ number: Int, _ value: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        var index = 0
        setField(number, .bytes, UInt64(value.count), in: &buffer, at: &index)
        buffer.moveWriterIndex(to: index)
        return Array(buffer.readableBytesView) + value
    }

    /// Writes a field's tag (fields 1 to 15) and its value or length at an index, and moves the index behind them.
    static func setField(
        _ number: Int,
        _ kind: WireField.Kind,
        _ value: UInt64,
        in buffer: inout ByteBuffer,
        at index: inout Int
    ) {
        index += buffer.setInteger(UInt8(number) << 3 | kind.rawValue, at: index)
        var rest = value
        while rest >= 0x80 {
            index += buffer.setInteger(UInt8(truncatingIfNeeded: rest) | 0x80, at: index)
            rest >>= 7
        }
        index += buffer.setInteger(UInt8(rest), at: index)
    }
}
