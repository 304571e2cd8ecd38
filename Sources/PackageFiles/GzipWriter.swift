import CZlib
import Files
import Glibc

/// Writes a file compressed with gzip. The same bytes make the same file: it carries no name and no time.
///
/// Owns the open file. Not for use by several threads at once; calls block.
final class GzipWriter {
    private let path: String
    private var stream: gzFile?

    /// Takes over a file that was just created.
    init(_ file: File) throws {
        path = file.path
        let descriptor: CInt = file.takeDescriptor()
        // The fastest level: most of a package has been compressed before.
        stream = gzdopen(descriptor, "wb1")
        guard stream != nil else {
            Glibc.close(descriptor)
            throw FileError("write", path, code: ENOMEM)
        }
        gzbuffer(stream, 1 << 17)
    }

    deinit {
        if stream != nil { gzclose_w(stream) }
    }

    /// Writes all bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        let count: CInt = gzwrite(stream, bytes.baseAddress, CUnsignedInt(bytes.count))
        guard count == CInt(bytes.count) else { throw failure(errno) }
    }

    /// Writes what is left and closes the file.
    func close() throws {
        let status: CInt = gzclose_w(stream)
        let code: CInt = errno
        stream = nil
        guard status == Z_OK else { throw failure(code) }
    }

    /// zlib reports everything that can go wrong here, a lack of memory aside, as the system's error.
    private func failure(_ code: CInt) -> FileError {
        FileError("write", path, code: code == 0 ? ENOMEM : code)
    }
}
