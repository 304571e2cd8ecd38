import Glibc

/// An open file, closed with its last reference.
final class Descriptor: Sendable {
    let raw: Int32
    /// The absolute path under which it was opened, for messages.
    let path: String

    /// Takes ownership of what `open` or one of its relatives returned, which is negative on failure.
    init(takingOwnershipOf raw: Int32, path: String, action: String) throws {
        guard raw >= 0 else { throw FileFailure(action, path) }
        self.raw = raw
        self.path = path
    }

    deinit {
        close(raw)
    }

    func status() throws -> FileStatus {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw FileFailure("examine", path) }
        return FileStatus(status)
    }

    /// The whole content; `EFBIG` if there is more of it than the limit.
    func readAll(limit: Int) throws -> [UInt8] {
        let expected = try status().identity.size
        guard expected <= limit else { throw FileFailure("read", path, number: EFBIG) }
        var content: [UInt8] = []
        // Files below /proc say that they are empty and come in pieces: only an empty read is the end.
        while true {
            let part = try readPart(max(expected, 4096))
            if part.isEmpty { return content }
            content = content.isEmpty ? part : content + part
            guard content.count <= limit else { throw FileFailure("read", path, number: EFBIG) }
        }
    }

    private func readPart(_ size: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let result = retrying { read(raw, buffer.baseAddress, size) }
            guard result >= 0 else { throw FileFailure("read", path) }
            count = result
        }
    }

    func writeAll(_ data: [UInt8]) throws {
        try data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = retrying { write(raw, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count) }
                guard written >= 0 else { throw FileFailure("write", path) }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Waits until content and size are on the disk; of a directory, its entries.
    func synchronize() throws {
        guard retrying({ Int(fsync(raw)) }) == 0 else { throw FileFailure("write out", path) }
    }
}

/// Repeats a system call that a signal interrupted.
func retrying(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
