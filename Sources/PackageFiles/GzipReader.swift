import CZlib
import Files
import Glibc

/// Reads a file that may be compressed with gzip, or not: zlib tells the difference.
///
/// Owns the open file. Not for use by several threads at once; calls block.
final class GzipReader {
    let path: String
    private var stream: gzFile?
    /// How many more bytes may be read, decompressed: a small file can hide a very large one.
    private var allowance: Int64
    private let limit: Int64

    /// - Parameter limit: the most bytes to read, decompressed.
    init(path: String, limit: Int64) throws {
        self.path = path
        self.limit = limit
        allowance = limit
        let descriptor: CInt = try File(reading: path).takeDescriptor()
        stream = gzdopen(descriptor, "rb")
        guard stream != nil else {
            Glibc.close(descriptor)
            throw FileError("read", path, code: ENOMEM)
        }
        gzbuffer(stream, 1 << 17)
    }

    deinit {
        if stream != nil { gzclose_r(stream) }
    }

    /// Fills the buffer as far as the file goes; returns the number of bytes, fewer than asked for only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count: CInt = gzread(stream, buffer.baseAddress, CUnsignedInt(buffer.count))
        guard count >= 0 else { throw failure() }
        allowance -= Int64(count)
        guard allowance >= 0 else {
            throw PackageError.tooLarge(package: path, reason: "it holds more than \(limit) bytes when unpacked")
        }
        return Int(count)
    }

    /// Closes the file, which must have been read to its end. Throws if the compressed data was incomplete.
    func close() throws {
        let status: CInt = gzclose_r(stream)
        stream = nil
        switch status {
        case Z_OK: return
        case Z_BUF_ERROR: throw PackageError.malformed(package: path, reason: "its compressed data is cut off")
        default: throw PackageError.malformed(package: path, reason: "zlib reports error \(status)")
        }
    }

    private func failure() -> any Error {
        var code: CInt = Z_OK
        let message: String? = gzerror(stream, &code).map { String(cString: $0) }
        if code == Z_ERRNO { return FileError("read", path, code: errno) }
        if code == Z_BUF_ERROR {
            return PackageError.malformed(package: path, reason: "its compressed data is cut off")
        }
        return PackageError.malformed(package: path, reason: "its compressed data is damaged (\(message ?? "\(code)"))")
    }
}
