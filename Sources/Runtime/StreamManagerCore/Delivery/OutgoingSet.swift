import HeronModel
import HeronWire
import NIOCore

/// A `HeronTupleSet2` for one destination, assembled in place from tuples' bytes.
///
/// One buffer from the first tuple to the socket: the tuples are appended behind some room, into which the packet's
/// header and the lengths are written at the end, when they are known.
struct OutgoingSet {
    /// What a set holds; a set never mixes kinds, streams or sources.
    enum Kind: Equatable {
        /// Tuples of a stream, by its index in the routing table.
        case data(stream: Int)
        /// Control tuples that end a root's life or report a failure.
        case acksAndFails
        /// Control tuples that announce new keys below a root.
        case emits
    }

    /// Bytes that a packet may need in front of its tuples, whatever its kind; generously rounded.
    private static let room = 128
    /// Bytes that a packet may need behind its tuples.
    private static let tail = 32
    /// What a packet may be larger than the content of its set.
    static let overhead = room + tail

    private static let setHeader = PacketHeader(of: Heron_Proto_System_HeronTupleSet2.self)
    private static let streamHeader = PacketHeader(of: Heron_Proto_Stmgr_TupleStreamMessage.self)

    let kind: Kind
    /// The task that emitted the tuples.
    let source: Int32
    /// Data tuples in the set; control tuples are not counted, as Heron does not.
    private(set) var tupleCount = 0
    private var buffer: ByteBuffer

    /// - Parameters:
    ///   - prefix: what stands before the tuples: a data set's encoded stream field, nothing in a control set.
    ///   - capacity: bytes that the content will probably need.
    init(kind: Kind, source: Int32, prefix: [UInt8], capacity: Int) {
        self.kind = kind
        self.source = source
        buffer = ByteBufferAllocator().buffer(capacity: capacity + OutgoingSet.overhead)
        buffer.moveWriterIndex(to: OutgoingSet.room)
        buffer.writeBytes(prefix)
    }

    /// The bytes of the set's content so far.
    var contentSize: Int { buffer.writerIndex - OutgoingSet.room }

    /// Appends a tuple that is encoded as a field of the set, tag and length included.
    mutating func append(_ field: RawSpan) {
        buffer.writeBytes(field)
        if case .data = kind { tupleCount += 1 }
    }

    /// Appends a tuple and replaces its key, which stands at an offset of the field.
    mutating func append(_ field: RawSpan, keyOffset: Int, key: UInt64) {
        let start = buffer.writerIndex
        append(field)
        buffer.setInteger(key, at: start + keyOffset, endianness: .little)
    }

    /// The packet for an instance of this container; the set is of no use afterwards.
    mutating func packetForInstance() -> ByteBuffer {
        let sizes = sealSet()
        let start = OutgoingSet.room - sizes.lead - OutgoingSet.setHeader.size
        OutgoingSet.setHeader.set(in: &buffer, at: start, bodySize: sizes.body, requestID: .none)
        buffer.moveReaderIndex(to: start)
        return buffer
    }

    /// The packet for another stream manager, a `TupleStreamMessage` around the set, which is of no use afterwards.
    mutating func packetForPeer(task: Int32) -> ByteBuffer {
        let sizes = sealSet()
        let number = UInt64(tupleCount)
        let lead = 1 + Varint.size(task) + 1 + Varint.size(UInt64(sizes.body))
        let behind = 1 + Varint.size(source) + 1 + Varint.size(number)
        let start = OutgoingSet.room - sizes.lead - lead
        var index = start
        Varint.setField(1, .varint, UInt64(bitPattern: Int64(task)), in: &buffer, at: &index)
        Varint.setField(2, .bytes, UInt64(sizes.body), in: &buffer, at: &index)
        index = buffer.writerIndex
        Varint.setField(3, .varint, UInt64(bitPattern: Int64(source)), in: &buffer, at: &index)
        Varint.setField(4, .varint, number, in: &buffer, at: &index)
        buffer.moveWriterIndex(to: index)
        let header = OutgoingSet.streamHeader
        header.set(in: &buffer, at: start - header.size, bodySize: lead + sizes.body + behind, requestID: .none)
        buffer.moveReaderIndex(to: start - header.size)
        return buffer
    }

    /// The packet for an instance around a set that another stream manager has completed.
    static func packet(around set: RawSpan) -> ByteBuffer {
        setHeader.packet(set)
    }

    /// Completes the `HeronTupleSet2`: tag and length before the content, the source behind it.
    ///
    /// A packet may wait long for a slow receiver: it must not hold much more memory than its bytes.
    private mutating func sealSet() -> (lead: Int, body: Int) {
        let content = contentSize
        buffer.shrinkBufferCapacity(to: content + OutgoingSet.overhead)
        let lead = 1 + Varint.size(UInt64(content))
        var index = OutgoingSet.room - lead
        let number = if case .data = kind { 1 } else { 2 }
        Varint.setField(number, .bytes, UInt64(content), in: &buffer, at: &index)
        index = buffer.writerIndex
        Varint.setField(3, .varint, UInt64(bitPattern: Int64(source)), in: &buffer, at: &index)
        let behind = index - buffer.writerIndex
        buffer.moveWriterIndex(to: index)
        return (lead, lead + content + behind)
    }
}
