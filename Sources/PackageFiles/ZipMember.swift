import CZlib
import Files

extension ZipDirectory.Entry {
    /// How much of a member is read, compressed, to get at the beginning of its content.
    private static let enough: UInt64 = 4096
    private static let headerSize = 30

    /// The first bytes of the member's content; nil if they are not where the directory says, or packed in a rare way.
    ///
    /// Throws `FileError`. Blocks.
    func beginning(_ count: Int, in file: File) throws -> [UInt8]? {
        let header: [UInt8] = try file.bytes(at: offset, count: Self.headerSize)
        guard !isEncrypted, header.little(0, bytes: 4) == 0x0403_4B50, let nameSize = header.little(26, bytes: 2),
            let extraSize = header.little(28, bytes: 2)
        else { return nil }
        let start: Int64 = offset + Int64(Self.headerSize) + Int64(nameSize + extraSize)
        let packed: [UInt8] = try file.bytes(at: start, count: Int(min(packedSize, Self.enough)))
        let content: [UInt8] =
            switch method {
            case 0: Array(packed.prefix(count))
            case 8: inflated(packed, count: count)
            default: []
            }
        return content.count == count ? content : nil
    }
}

/// The first bytes of what a raw deflate stream (RFC 1951) holds, fewer where it is damaged or ends.
private func inflated(_ packed: [UInt8], count: Int) -> [UInt8] {
    var stream = z_stream()
    // Negative: without zlib's own header.
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    var input: [UInt8] = packed
    return Array(unsafeUninitializedCapacity: count) { output, filled in
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = CUnsignedInt(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = CUnsignedInt(count)
            // Whatever it returns: what counts is how far it came.
            _ = inflate(&stream, Z_SYNC_FLUSH)
            filled = count - Int(stream.avail_out)
        }
    }
}
