import HeronModel
import NIOCore

/// One packet as it arrived: what it is and its undecoded protobuf body.
public struct WirePacket: Sendable {
    /// The full protobuf type name, such as `heron.proto.system.HeronTupleSet`.
    public let typeName: String
    /// The request that this packet makes or answers; ``RequestID/none`` for a one-way message.
    public let requestID: RequestID
    /// The message's bytes: a slice of what was read from the socket, not a copy.
    public let body: ByteBuffer

    public init(typeName: String, requestID: RequestID, body: ByteBuffer) {
        self.typeName = typeName
        self.requestID = requestID
        self.body = body
    }

    /// The body as a message; throws `malformedMessage` if it is none or lacks a required field.
    public func decode<M: Message>(as type: M.Type) throws(WireError) -> M {
        do {
            return try M(serializedBytes: Array(body.readableBytesView))
        } catch {
            throw WireError(.malformedMessage, "a packet of \(body.readableBytes) bytes is not a \(typeName): \(error)")
        }
    }
}

/// The header of every packet of one type: a packet is its header followed by the protobuf body.
///
/// Layout, integers big-endian: size of all that follows (4 bytes), length of the type name (4), type name (ASCII),
/// request id (32), length of the body (4).
public struct PacketHeader: Sendable {
    /// Bytes of a packet besides its type name and body, the size field included.
    static let fixedSize = 4 + 4 + RequestID.byteCount + 4

    /// The full protobuf type name of the packets' body.
    public let typeName: String
    /// The header's bytes on the wire.
    public let size: Int

    public init(typeName: String) {
        self.typeName = typeName
        size = PacketHeader.fixedSize + typeName.utf8.count
    }

    /// The header of packets with this message as their body.
    public init<M: Message>(of type: M.Type) {
        self.init(typeName: M.protoMessageName)
    }

    /// Writes the header at an absolute index of a buffer that has ``size`` bytes of room there.
    ///
    /// The writer index stays; the caller places `bodySize` bytes right behind the header.
    public func set(in buffer: inout ByteBuffer, at index: Int, bodySize: Int, requestID: RequestID) {
        let nameLength = typeName.utf8.count
        buffer.setInteger(UInt32(size - 4 + bodySize), at: index)
        buffer.setInteger(UInt32(nameLength), at: index + 4)
        buffer.setString(typeName, at: index + 8)
        requestID.set(in: &buffer, at: index + 8 + nameLength)
        buffer.setInteger(UInt32(bodySize), at: index + 8 + nameLength + RequestID.byteCount)
    }

    /// A whole packet with a copy of the bytes as its body.
    public func packet(_ body: RawSpan, requestID: RequestID = .none) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: size + body.byteCount)
        set(in: &buffer, at: 0, bodySize: body.byteCount, requestID: requestID)
        buffer.moveWriterIndex(to: size)
        buffer.writeBytes(body)
        return buffer
    }

    /// A whole packet with the message as its body.
    ///
    /// A message that lacks a required field is a mistake of the caller; it is reported as `malformedMessage`.
    public static func packet<M: Message>(_ message: M, requestID: RequestID) throws(WireError) -> ByteBuffer {
        do {
            let body: [UInt8] = try message.serializedBytes()
            return PacketHeader(of: M.self).packet(body.span.bytes, requestID: requestID)
        } catch {
            throw WireError(.malformedMessage, "\(M.protoMessageName) cannot be sent: \(error)")
        }
    }
}
