import Glibc

/// An open file that is sent as a body, or a part of one.
///
/// Owns its descriptor and closes it when the last reference goes. Reading is positioned, so the file's own offset does
/// not matter.
public final class FileBody: Sendable {
    /// The number of bytes to send, fixed when the answer begins.
    public let length: Int
    private let descriptor: Int32

    /// Takes ownership of `descriptor`, a regular file open for reading of at least `length` bytes.
    public init(takingOwnershipOf descriptor: Int32, length: Int) {
        self.descriptor = descriptor
        self.length = length
    }

    deinit {
        close(descriptor)
    }

    /// Reads into `buffer` at `offset`. 0 at the end of the file; throws ``FileBodyError`` on a failure.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw FileBodyError.unreadable(errno: errno) }
        }
    }
}

/// Why a file could not be sent to its end; the connection is closed, as the announced length cannot be kept.
enum FileBodyError: Error {
    case unreadable(errno: Int32)
    /// The file became shorter while it was sent.
    case truncated
}
