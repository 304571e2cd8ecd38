import Files

/// The central directory of a zip archive, which stands at its end.
struct ZipDirectory {
    struct Entry {
        let name: String
        let isLink: Bool
        let isEncrypted: Bool
        /// How it is compressed: 0 not at all, 8 deflate.
        let method: UInt64
        /// Bytes of its content, compressed.
        let packedSize: UInt64
        /// Where its own header begins in the file.
        let offset: Int64
    }

    let entries: [Entry]

    /// Larger directories are refused: a million members fit.
    private static let maximumSize: UInt64 = 128 << 20
    /// The end record, and the longest comment that may follow it.
    private static let endSize = 22
    private static let maximumComment = 65_535

    /// `kind` is what the file should be, for messages: `a pex`.
    init(_ file: File, of kind: String) throws {
        let fileSize: Int64 = try file.status().size
        let tailSize: Int = Int(min(fileSize, Int64(ZipDirectory.endSize + ZipDirectory.maximumComment)))
        let tail: [UInt8] = try file.bytes(at: fileSize - Int64(tailSize), count: tailSize)
        guard let end = ZipDirectory.endRecord(in: tail) else {
            let isCutOff: Bool = try file.bytes(at: 0, count: 4).little(0, bytes: 4) == 0x0403_4B50
            throw PackageError.malformed(
                package: file.path,
                reason: isCutOff ? "it is cut off: the end is missing" : "it is not a zip archive, as \(kind) must be"
            )
        }
        let damaged = PackageError.malformed(package: file.path, reason: "its zip directory is damaged")
        // The directory ends where the end record begins; offsets in the archive do not count what is in front of it.
        var directoryEnd: Int64 = fileSize - Int64(tailSize) + Int64(end)
        guard var size = tail.little(end + 12, bytes: 4), var count = tail.little(end + 10, bytes: 2),
            var recordedStart = tail.little(end + 16, bytes: 4)
        else { throw damaged }
        if size == 0xFFFF_FFFF || count == 0xFFFF {
            // Zip64: a record of 56 bytes and a locator of 20 stand before the end record.
            directoryEnd -= 76
            guard directoryEnd >= 0 else { throw damaged }
            let record: [UInt8] = try file.bytes(at: directoryEnd, count: 56)
            guard record.little(0, bytes: 4) == 0x0606_4B50, let largeSize = record.little(40, bytes: 8),
                let largeCount = record.little(32, bytes: 8), let largeStart = record.little(48, bytes: 8)
            else { throw damaged }
            (size, count, recordedStart) = (largeSize, largeCount, largeStart)
        }
        guard size <= ZipDirectory.maximumSize, Int64(size) <= directoryEnd else { throw damaged }
        let start: Int64 = directoryEnd - Int64(size)
        let directory: [UInt8] = try file.bytes(at: start, count: Int(size))
        let inFront: Int64 = start - (Int64(exactly: recordedStart) ?? start)
        guard let entries = ZipDirectory.entries(directory, inFront: inFront), UInt64(entries.count) == count else {
            throw damaged
        }
        self.entries = entries
    }

    /// Where the end record begins: at the last place from which its comment reaches exactly to the end.
    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= endSize else { return nil }
        return (0...tail.count - endSize).reversed().first { start in
            tail.little(start, bytes: 4) == 0x0605_4B50
                && tail.little(start + 20, bytes: 2) == UInt64(tail.count - start - endSize)
        }
    }

    /// Reads the directory's headers; nil if they are damaged. `inFront` are the bytes that the archive does not count.
    private static func entries(_ directory: [UInt8], inFront: Int64) -> [Entry]? {
        let headerSize = 46
        var entries: [Entry] = []
        var start = 0
        while start < directory.count {
            guard start + headerSize <= directory.count, directory.little(start, bytes: 4) == 0x0201_4B50,
                let flags = directory.little(start + 8, bytes: 2),
                let method = directory.little(start + 10, bytes: 2),
                let packedSize = directory.little(start + 20, bytes: 4),
                let nameSize = directory.little(start + 28, bytes: 2),
                let extraSize = directory.little(start + 30, bytes: 2),
                let commentSize = directory.little(start + 32, bytes: 2),
                let attributes = directory.little(start + 38, bytes: 4),
                let offset = directory.little(start + 42, bytes: 4)
            else { return nil }
            let nameStart: Int = start + headerSize
            let next: Int = nameStart + Int(nameSize + extraSize + commentSize)
            guard next <= directory.count else { return nil }
            entries.append(
                Entry(
                    name: String(decoding: directory[nameStart..<nameStart + Int(nameSize)], as: UTF8.self),
                    // The upper half of the attributes is a Unix mode, whatever made the archive: zero elsewhere.
                    isLink: attributes >> 16 & 0o170000 == 0o120000,
                    isEncrypted: flags & 1 == 1,
                    method: method,
                    packedSize: packedSize,
                    offset: max(0, inFront + Int64(offset))
                )
            )
            start = next
        }
        return entries
    }
}

extension [UInt8] {
    /// An unsigned number, least significant byte first; nil if it would reach beyond the end.
    func little(_ offset: Int, bytes: Int) -> UInt64? {
        guard offset >= 0, offset + bytes <= count else { return nil }
        return self[offset..<offset + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
