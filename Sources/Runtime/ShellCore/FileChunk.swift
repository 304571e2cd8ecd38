import Glibc

/// A piece of a file as text, for pages that follow a log.
struct FileChunk {
    /// Where the piece begins, in bytes.
    let offset: Int
    /// How many bytes of the file the text stands for.
    let length: Int
    let text: String

    /// The most that one answer carries, so that memory stays bounded.
    static let maxLength = 1 << 20

    /// Reads a piece.
    ///
    /// - Parameters:
    ///   - size: of the file, in bytes.
    ///   - offset: where to begin; -1 or beyond the end means at the end.
    ///   - length: how many bytes; -1 means the rest. At most ``maxLength`` are read.
    init(of descriptor: Int32, size: Int, offset: Int, length: Int) {
        let start = offset < 0 ? size : min(offset, size)
        let wanted = min(length < 0 ? size - start : length, FileChunk.maxLength)
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, wanted, off_t(start)))
        }
        let whole = bytes[..<FileChunk.characterBoundary(bytes)]
        self.offset = start
        self.length = whole.count
        text = String(decoding: whole, as: UTF8.self)
    }

    /// The end of the last complete UTF-8 character, so that a character on the border comes whole with the next piece.
    static func characterBoundary(_ bytes: [UInt8]) -> Int {
        for back in 1...4 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            // A piece of nothing but one broken character goes out as it is, or the reader would never get on.
            return needed > back && back < bytes.count ? bytes.count - back : bytes.count
        }
        return bytes.count
    }
}
