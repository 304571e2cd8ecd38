import Files

@testable import PackageFiles

/// Builds tar archives of any kind, also such as no honest program would.
struct TestArchive {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ name: String,
        flag: Character = "0",
        content: [UInt8] = [],
        link: String = "",
        permissions: UInt32 = 0o644
    ) {
        var block: [UInt8] =
            TarHeader(
                name: Array(name.utf8),
                kind: .file,
                size: Int64(content.count),
                permissions: permissions,
                modified: 1_000_000_000
            ).block
        block[156] = flag.asciiValue ?? 0
        block.replaceSubrange(157..<157 + link.utf8.count, with: link.utf8)
        TestArchive.sign(&block)
        bytes += block
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    mutating func add(_ name: String, text: String, permissions: UInt32 = 0o644) {
        add(name, content: Array(text.utf8), permissions: permissions)
    }

    /// Sets the checksum of a header that was changed.
    static func sign(_ block: inout [UInt8]) {
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        block.replaceSubrange(148..<155, with: (String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0").utf8)
    }

    /// The archive with the blocks that end it.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// Writes the archive; returns its path.
    func write(to folder: TemporaryFolder, name: String = "package.tar") throws -> String {
        try folder.write(name, bytes: finished)
    }

    /// Writes the archive compressed; returns its path.
    func writeCompressed(to folder: TemporaryFolder, name: String = "package.tar.gz") throws -> String {
        let writer = try GzipWriter(File(creating: folder[name]))
        try finished.withUnsafeBytes { try writer.write($0) }
        try writer.close()
        return folder[name]
    }
}
