import Files

/// A member of a tar archive, with what extended headers say about it.
struct TarMember {
    let name: String
    let kind: TarHeader.Kind
    /// Bytes of content.
    let size: Int64
    let permissions: UInt32
    /// Seconds since 1970.
    let modified: Int64
    /// What a link points to, else empty.
    let linkTarget: String
}

/// Reads a tar archive, compressed or not, from its first member to its last. Contents are streamed.
final class TarReader {
    /// Long names and extended headers are refused beyond this many bytes.
    private static let maximumMetadata: Int64 = 1 << 16

    private let source: GzipReader
    /// What has not been read of the current member's content, and of the zeros that fill its last block.
    private var content: Int64 = 0
    private var fill: Int64 = 0
    private var isFirst = true

    init(_ source: GzipReader) {
        self.source = source
    }

    /// The next member, or nil at the end of the archive. Skips what was not read of the one before.
    func next() throws -> TarMember? {
        var amendments = Amendments()
        while true {
            try skipContent()
            guard let header = try readHeader() else {
                guard amendments.isEmpty else { throw malformed("it is cut off") }
                return nil
            }
            content = header.size
            switch header.kind {
            case .longName: amendments.name = try readMetadata(header).prefix { $0 != 0 }
            case .longLink: amendments.linkTarget = try readMetadata(header).prefix { $0 != 0 }
            case .extended: try amendments.read(readMetadata(header), package: source.path)
            case .globalExtended: _ = try readMetadata(header)
            default: return try member(header, amendments)
            }
        }
    }

    /// The next bytes of the current member's content, 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted: Int = Int(min(content, Int64(buffer.count)))
        guard wanted > 0 else { return 0 }
        try fillExactly(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        content -= Int64(wanted)
        return wanted
    }

    /// Reads what follows the archive, and closes the file: only then gzip's checksum has been compared.
    func finish() throws {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            while try source.read(into: buffer) > 0 {}
        }
        try source.close()
    }

    private func member(_ header: TarHeader, _ amendments: Amendments) throws -> TarMember {
        let size: Int64 = header.kind == .file ? amendments.size ?? header.size : header.size
        content = size
        fill = TarReader.fill(after: size)
        let name: String = try text(amendments.name ?? header.name)
        return TarMember(
            name: name,
            // Archives from before POSIX mark folders by their name only.
            kind: header.kind == .file && name.hasSuffix("/") ? .folder : header.kind,
            size: size,
            permissions: header.permissions,
            modified: header.modified,
            linkTarget: try text(amendments.linkTarget ?? header.linkTarget)
        )
    }

    private func readHeader() throws -> TarHeader? {
        var block = [UInt8](repeating: 0, count: TarHeader.blockSize)
        let count: Int = try block.withUnsafeMutableBytes { try source.read(into: $0) }
        defer { isFirst = false }
        guard count == block.count else {
            if isFirst { throw malformed(count == 0 ? "it is empty" : "it is not a tar archive") }
            throw malformed("it is cut off")
        }
        // The first of the two blocks of zeros that end an archive.
        if TarHeader.isZero(block) { return nil }
        guard let header = TarHeader(block) else {
            throw malformed(isFirst ? "it is not a tar archive" : "a member's header is damaged")
        }
        fill = TarReader.fill(after: header.size)
        return header
    }

    private func readMetadata(_ header: TarHeader) throws -> [UInt8] {
        guard header.size <= TarReader.maximumMetadata else { throw malformed("a member's name is too long") }
        var bytes = [UInt8](repeating: 0, count: Int(header.size))
        try bytes.withUnsafeMutableBytes { try fillExactly($0) }
        content = 0
        return bytes
    }

    private func skipContent() throws {
        var rest: Int64 = content + fill
        try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            while rest > 0 {
                let part: Int = Int(min(rest, Int64(buffer.count)))
                try fillExactly(UnsafeMutableRawBufferPointer(rebasing: buffer[..<part]))
                rest -= Int64(part)
            }
        }
        content = 0
        fill = 0
    }

    private func fillExactly(_ buffer: UnsafeMutableRawBufferPointer) throws {
        guard try source.read(into: buffer) == buffer.count else { throw malformed("it is cut off") }
    }

    /// How many zeros fill the last block of a content.
    private static func fill(after size: Int64) -> Int64 {
        let block = Int64(TarHeader.blockSize)
        return (block - size % block) % block
    }

    private func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PackageError.unsafeMember(
                package: source.path,
                member: String(decoding: bytes, as: UTF8.self),
                reason: "its name is not UTF-8"
            )
        }
        return text
    }

    private func malformed(_ reason: String) -> PackageError {
        .malformed(package: source.path, reason: reason)
    }
}

/// What headers before a member's own say about it.
private struct Amendments {
    var name: [UInt8]?
    var linkTarget: [UInt8]?
    var size: Int64?

    var isEmpty: Bool { name == nil && linkTarget == nil && size == nil }

    mutating func read(_ bytes: [UInt8], package: String) throws {
        guard let records = ExtendedHeader.parse(bytes) else {
            throw PackageError.malformed(package: package, reason: "an extended header is damaged")
        }
        guard !records.keys.contains(where: { $0.hasPrefix("GNU.sparse.") }) else {
            throw PackageError.malformed(package: package, reason: "it has a sparse member; pack it without --sparse")
        }
        name = records["path"] ?? name
        linkTarget = records["linkpath"] ?? linkTarget
        if let text = records["size"] {
            guard let value = Int64(String(decoding: text, as: UTF8.self)), TarHeader.sizes.contains(value) else {
                throw PackageError.malformed(package: package, reason: "an extended header is damaged")
            }
            size = value
        }
    }
}
