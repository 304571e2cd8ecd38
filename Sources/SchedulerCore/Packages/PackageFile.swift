import Files
import Glibc

/// An open regular file that is served; it owns its descriptor. Safe from any thread; all calls block.
final class PackageFile: Sendable {
    /// What differs as soon as a file was written to, or another one took its place.
    struct Version: Sendable, Hashable {
        let size: Int64
        private let device: dev_t
        private let number: ino_t
        /// Seconds and nanoseconds of the last change of the content, then of anything about the file.
        private let times: [Int]

        fileprivate init(_ status: stat) {
            size = Int64(status.st_size)
            device = status.st_dev
            number = status.st_ino
            times = [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
    }

    let path: String
    private let descriptor: CInt

    /// Throws `FileError`, also for what is not a regular file.
    init(_ path: String) throws {
        self.path = path
        descriptor = try File(reading: path).takeDescriptor()
    }

    deinit {
        close(descriptor)
    }

    func version() throws -> Version {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError("read", path, code: errno) }
        return Version(status)
    }

    /// Up to `count` bytes from a place in the file, fewer only at its end. Throws `FileError`.
    func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        try Array(unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let free = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read: Int = pread(descriptor, free.baseAddress, free.count, off_t(offset) + off_t(filled))
                if read == 0 { return }
                if read > 0 {
                    filled += read
                } else if errno != EINTR {
                    throw FileError("read", path, code: errno)
                }
            }
        }
    }

    /// The version and SHA-256 of the whole file; nil if it was written to meanwhile. Throws `FileError`.
    static func checksum(of path: String) throws -> (version: Version, sum: String)? {
        let file = try PackageFile(path)
        let version: Version = try file.version()
        let sum: String = try SHA256.ofFile(path)
        return try file.version() == version && PackageFile(path).version() == version ? (version, sum) : nil
    }
}
