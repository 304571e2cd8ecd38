import Files

/// Checks that a `.pex` file is what its name says, and that its members would stay within a folder.
///
/// A pex is a zip archive with something executable in front, and Python may unpack it where it runs. Only the names
/// in the archive's directory are read. Throws ``PackageError`` or `FileError`. Blocks.
public func checkPexFile(at path: String) throws {
    let archive = try ZipDirectory(File(reading: path))
    for entry in archive.entries {
        func refusal(_ reason: String) -> PackageError {
            .unsafeMember(package: path, member: entry.name, reason: reason)
        }
        do throws(MemberPath.Refusal) {
            _ = try MemberPath(entry.name)
        } catch {
            throw refusal(error.reason)
        }
        if entry.isLink { throw refusal("it is a link") }
    }
}

/// The central directory of a zip archive, which stands at its end.
struct ZipDirectory {
    struct Entry {
        let name: String
        let isLink: Bool
    }

    let entries: [Entry]

    /// Larger directories are refused: a million members fit.
    private static let maximumSize: UInt64 = 128 << 20
    /// The end record, and the longest comment that may follow it.
    private static let endSize = 22
    private static let maximumComment = 65_535

    init(_ file: File) throws {
        let fileSize: Int64 = try file.status().size
        let tailSize: Int = Int(min(fileSize, Int64(ZipDirectory.endSize + ZipDirectory.maximumComment)))
        let tail: [UInt8] = try file.bytes(at: fileSize - Int64(tailSize), count: tailSize)
        guard let end = ZipDirectory.endRecord(in: tail) else {
            throw PackageError.malformed(package: file.path, reason: "it is not a zip archive, as a pex must be")
        }
        let damaged = PackageError.malformed(package: file.path, reason: "its zip directory is damaged")
        // The directory ends where the end record begins; offsets in the archive do not count what is in front of it.
        var directoryEnd: Int64 = fileSize - Int64(tailSize) + Int64(end)
        guard var size = tail.little(end + 12, bytes: 4), var count = tail.little(end + 10, bytes: 2) else {
            throw damaged
        }
        if size == 0xFFFF_FFFF || count == 0xFFFF {
            // Zip64: a record of 56 bytes and a locator of 20 stand before the end record.
            directoryEnd -= 76
            guard directoryEnd >= 0 else { throw damaged }
            let record: [UInt8] = try file.bytes(at: directoryEnd, count: 56)
            guard record.little(0, bytes: 4) == 0x0606_4B50, let largeSize = record.little(40, bytes: 8),
                let largeCount = record.little(32, bytes: 8)
            else { throw damaged }
            (size, count) = (largeSize, largeCount)
        }
        guard size <= ZipDirectory.maximumSize, Int64(size) <= directoryEnd else { throw damaged }
        let directory: [UInt8] = try file.bytes(at: directoryEnd - Int64(size), count: Int(size))
        guard let entries = ZipDirectory.entries(directory), UInt64(entries.count) == count else { throw damaged }
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

    /// Reads the directory's headers; nil if they are damaged.
    private static func entries(_ directory: [UInt8]) -> [Entry]? {
        let headerSize = 46
        var entries: [Entry] = []
        var start = 0
        while start < directory.count {
            guard start + headerSize <= directory.count, directory.little(start, bytes: 4) == 0x0201_4B50,
                let nameSize = directory.little(start + 28, bytes: 2),
                let extraSize = directory.little(start + 30, bytes: 2),
                let commentSize = directory.little(start + 32, bytes: 2),
                let attributes = directory.little(start + 38, bytes: 4)
            else { return nil }
            let nameStart: Int = start + headerSize
            let next: Int = nameStart + Int(nameSize + extraSize + commentSize)
            guard next <= directory.count else { return nil }
            entries.append(
                Entry(
                    name: String(decoding: directory[nameStart..<nameStart + Int(nameSize)], as: UTF8.self),
                    // The upper half of the attributes is a Unix mode, whatever made the archive: zero elsewhere.
                    isLink: attributes >> 16 & 0o170000 == 0o120000
                )
            )
            start = next
        }
        return entries
    }
}

extension [UInt8] {
    /// An unsigned number, least significant byte first; nil if it would reach beyond the end.
    fileprivate func little(_ offset: Int, bytes: Int) -> UInt64? {
        guard offset >= 0, offset + bytes <= count else { return nil }
        return self[offset..<offset + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
