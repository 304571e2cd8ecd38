import Glibc

/// Reading whole files without Foundation.
enum YAMLFile {
    /// The file's bytes; nil if there is no such file. Throws ``YAMLError`` if it cannot be read or is too large.
    static func read(_ path: String, limit: Int) throws -> [UInt8]? {
        // Without O_NONBLOCK a FIFO in the file's place would block the open for ever.
        let descriptor: Int32 = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw YAMLError(file: path, line: nil, message: "is not a regular file")
        }
        return try readAll(descriptor, path, limit: limit)
    }

    private static func readAll(_ descriptor: Int32, _ path: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count: Int = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw YAMLError(file: path, line: nil, message: "larger than \(limit) bytes")
            }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> YAMLError {
        YAMLError(file: path, line: nil, message: "cannot be read: \(String(cString: strerror(code)))")
    }
}
