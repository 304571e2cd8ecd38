import Files

/// Writes a tar archive (POSIX pax). Contents are streamed. The same members make the same bytes.
struct TarWriter {
    private let sink: GzipWriter

    init(_ sink: GzipWriter) {
        self.sink = sink
    }

    /// Adds a folder, without what is in it.
    func addFolder(_ name: String, status: FileStatus) throws {
        try write(
            TarHeader(
                name: Array("\(name)/".utf8),
                kind: .folder,
                permissions: status.permissions,
                modified: status.modified
            )
        )
    }

    /// Adds a file. Throws if it changes its size while it is read.
    func addFile(_ name: String, from path: String) throws {
        let file = try File(reading: path)
        let status: FileStatus = try file.status()
        try write(
            TarHeader(
                name: Array(name.utf8),
                kind: .file,
                size: status.size,
                permissions: status.permissions,
                modified: status.modified
            )
        )
        var rest: Int64 = status.size
        try withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 16) { buffer in
            while rest > 0 {
                try Task.checkCancellation()
                let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
                let count: Int = try file.read(into: wanted)
                guard count > 0 else {
                    throw PackageError.unpackable(path: path, reason: "it became shorter while it was read")
                }
                try sink.write(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
                rest -= Int64(count)
            }
        }
        try fillBlock(after: status.size)
    }

    /// Writes the end of the archive and closes the file.
    func finish() throws {
        try write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
        try sink.close()
    }

    private func write(_ header: TarHeader) throws {
        var records: [UInt8] = []
        if header.name.count > TarHeader.maximumNameLength { records += ExtendedHeader.record("path", header.name) }
        if header.size > TarHeader.maximumSize {
            records += ExtendedHeader.record("size", Array("\(header.size)".utf8))
        }
        if !records.isEmpty {
            try write(TarHeader(name: Array("././@PaxHeader".utf8), kind: .extended, size: Int64(records.count)).block)
            try write(records)
            try fillBlock(after: Int64(records.count))
        }
        try write(header.block)
    }

    private func fillBlock(after size: Int64) throws {
        let partial: Int = Int(size % Int64(TarHeader.blockSize))
        if partial > 0 { try write([UInt8](repeating: 0, count: TarHeader.blockSize - partial)) }
    }

    private func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try sink.write($0) }
    }
}
