import NIOCore

/// Cuts a stream of bytes into packets.
///
/// A value without I/O: feed it what was read, then ask for packets until there is none. Bodies are slices of the bytes
/// that were fed; they are copied only when a packet spans several reads. After an error the stream is useless and
/// must be closed.
public struct PacketDecoder {
    /// No protobuf type name is longer; a longer one means that the bytes are something else.
    private static let maximumTypeNameLength = 256
    /// How many type names are remembered, so that a packet of a known type needs no new string.
    private static let rememberedNames = 32
    /// How much room is made at once for a packet that only announced its size.
    private static let maximumReservation = 1 << 20

    /// The largest packet that is taken, counted as in its size field.
    public let maximumPacketSize: Int
    private var unread = ByteBuffer()
    private var names: [(bytes: [UInt8], name: String)] = []

    /// - Parameter maximumPacketSize: bytes, without the size field itself.
    public init(maximumPacketSize: Int) {
        self.maximumPacketSize = maximumPacketSize
    }

    /// Bytes that were fed and belong to no complete packet yet.
    public var unreadBytes: Int { unread.readableBytes }

    /// Takes bytes as they came from the connection.
    public mutating func feed(_ bytes: ByteBuffer) {
        if unread.readableBytes == 0 {
            unread = bytes
        } else {
            unread.discardReadBytes()
            unread.writeImmutableBuffer(bytes)
        }
    }

    /// The next complete packet, or nil if more bytes are needed.
    public mutating func next() throws(WireError) -> WirePacket? {
        guard let size = unread.getInteger(at: unread.readerIndex, as: UInt32.self).map({ Int($0) }) else {
            releaseIfEmpty()
            return nil
        }
        try check(size: size)
        guard unread.readableBytes >= 4 + size else {
            makeRoom(for: 4 + size)
            return nil
        }
        unread.moveReaderIndex(forwardBy: 4)
        return try readPacket(size: size)
    }

    private func check(size: Int) throws(WireError) {
        guard size <= maximumPacketSize else {
            throw WireError(
                .packetTooLarge,
                "a packet of \(size) bytes is larger than the limit of \(maximumPacketSize) bytes"
            )
        }
        guard size >= PacketHeader.fixedSize - 4 else {
            throw WireError(.malformedPacket, "a packet of \(size) bytes cannot hold its own header")
        }
    }

    private mutating func readPacket(size: Int) throws(WireError) -> WirePacket {
        let end = unread.readerIndex + size
        guard let nameLength = unread.readInteger(as: UInt32.self).map({ Int($0) }),
            nameLength > 0, nameLength <= PacketDecoder.maximumTypeNameLength,
            PacketHeader.fixedSize - 4 + nameLength <= size
        else { throw WireError(.malformedPacket, "a packet's type name does not fit into the packet") }
        let typeName = try readTypeName(length: nameLength)
        guard let requestID = RequestID.read(from: &unread), let bodySize = unread.readInteger(as: UInt32.self),
            unread.readerIndex + Int(bodySize) == end, let body = unread.readSlice(length: Int(bodySize))
        else {
            throw WireError(.malformedPacket, "the sizes in a packet of type \(typeName) contradict each other")
        }
        return WirePacket(typeName: typeName, requestID: requestID, body: body)
    }

    /// The name, as one of the strings that earlier packets brought if possible: that costs no allocation.
    private mutating func readTypeName(length: Int) throws(WireError) -> String {
        guard unread.readableBytes >= length else {
            throw WireError(.malformedPacket, "a packet ends within its type name")
        }
        if let known = knownName(length: length) {
            unread.moveReaderIndex(forwardBy: length)
            return known
        }
        guard let bytes = unread.readBytes(length: length), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw WireError(.malformedPacket, "a packet's type name is not a protobuf type name")
        }
        let name = String(decoding: bytes, as: UTF8.self)
        if names.count < PacketDecoder.rememberedNames { names.append((bytes, name)) }
        return name
    }

    private func knownName(length: Int) -> String? {
        let bytes = unread.readableBytesSpan.extracting(first: length)
        return names.first { bytes.isEqual(to: $0.bytes) }?.name
    }

    /// Avoids growing step by step, yet gives no memory to a mere announcement of a very large packet.
    private mutating func makeRoom(for size: Int) {
        unread.reserveCapacity(min(size, PacketDecoder.maximumReservation))
    }

    /// A buffer that served a large packet must not stay.
    private mutating func releaseIfEmpty() {
        if unread.readableBytes == 0 { unread = ByteBuffer() }
    }
}
