import NIOCore

/// The 32 opaque bytes that tie a response to its request; all zero in a one-way message.
public struct RequestID: Hashable, Sendable {
    /// The bytes' number in a packet.
    public static let byteCount = 32

    /// The id of one-way messages.
    public static let none = RequestID(words: (0, 0, 0, 0))

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// Whether this is the id of one-way messages.
    public var isNone: Bool { first | second | third | fourth == 0 }

    /// An id that nobody else draws: 256 bits from the system's generator.
    public static func random() -> RequestID {
        var generator = SystemRandomNumberGenerator()
        let words =
            (generator.next(), generator.next(), generator.next(), generator.next()) as (UInt64, UInt64, UInt64, UInt64)
        let id = RequestID(words: words)
        return id.isNone ? random() : id
    }

    /// Reads the id at the buffer's reader index; nil, with nothing read, if fewer than 32 bytes are there.
    static func read(from buffer: inout ByteBuffer) -> RequestID? {
        buffer.readMultipleIntegers(as: (UInt64, UInt64, UInt64, UInt64).self).map(RequestID.init(words:))
    }

    /// Writes the id at an absolute index of the buffer.
    func set(in buffer: inout ByteBuffer, at index: Int) {
        buffer.setInteger(first, at: index)
        buffer.setInteger(second, at: index + 8)
        buffer.setInteger(third, at: index + 16)
        buffer.setInteger(fourth, at: index + 24)
    }
}
