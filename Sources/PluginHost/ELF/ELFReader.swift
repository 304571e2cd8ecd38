import Files

/// What is wrong with a library's file, to be said behind its path.
package struct ELFError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Pieces of a library's file; a place outside of it is an ``ELFError``.
struct ELFReader {
    private let file: File
    private let size: UInt64

    /// No table of a plugin is as large.
    private static let limit: UInt64 = 256 << 20

    init(_ path: String) throws {
        do {
            file = try File(reading: path)
            size = UInt64(max(0, try file.status().size))
        } catch let error as FileError {
            throw ELFError(error.description)
        }
    }

    /// Throws ``ELFError`` unless the file has that many bytes there.
    func check(_ offset: UInt64, _ count: UInt64) throws {
        guard offset <= size, count <= size - offset else {
            throw ELFError("is cut off or damaged: it has no \(count) bytes at \(offset)")
        }
    }

    func bytes(_ offset: UInt64, _ count: UInt64) throws -> ELFBytes {
        try check(offset, count)
        guard count <= ELFReader.limit else { throw ELFError("is damaged: a table has \(count) bytes") }
        do {
            return ELFBytes(try file.bytes(at: Int64(offset), count: Int(count)))
        } catch let error as FileError {
            throw ELFError(error.description)
        }
    }

    /// The rows of a table, each at least as long as its members need; empty if there is none.
    func table(_ offset: UInt64, _ rowSize: UInt16, count: Int, least: UInt16) throws -> [ELFBytes] {
        guard offset != 0, count > 0 else { return [] }
        guard rowSize >= least else { throw ELFError("is damaged: a table's rows have \(rowSize) bytes") }
        return try (0..<count).map { row in
            let (place, overflow) = offset.addingReportingOverflow(UInt64(row) * UInt64(rowSize))
            guard !overflow else { throw ELFError("is damaged: a table lies outside of it") }
            return try bytes(place, UInt64(rowSize))
        }
    }
}

/// Some bytes of a library's file, little-endian.
struct ELFBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// An unsigned number.
    func number(_ offset: Int, width: Int = 8) throws -> UInt64 {
        guard offset >= 0, offset + width <= bytes.count else { throw ELFError("is cut off") }
        return bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func small(_ offset: Int) throws -> UInt16 { UInt16(truncatingIfNeeded: try number(offset, width: 2)) }

    /// The NUL-terminated text at a place.
    func text(_ offset: UInt64) throws -> String {
        guard offset < bytes.count else { throw ELFError("is damaged: a name lies outside of the table of names") }
        return String(decoding: bytes[Int(offset)...].prefix { $0 != 0 }, as: UTF8.self)
    }
}
