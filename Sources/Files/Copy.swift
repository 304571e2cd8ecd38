import Glibc

/// Copies a regular file to a path that must not exist yet; gives back the copy's status.
///
/// Throws ``FileError``, or `CancellationError` if the task was cancelled; then no copy remains. Blocks.
///
/// - Parameter permissions: further restricted by the process's umask.
public func copyFile(_ source: String, to target: String, permissions: mode_t = 0o666) throws -> FileStatus {
    let input = try File(reading: source)
    let output = try File(creating: target, permissions: permissions)
    do {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            while case let count = try input.read(into: buffer), count > 0 {
                try Task.checkCancellation()
                try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        let status: FileStatus = try output.status()
        try output.close()
        return status
    } catch {
        unlink(target)
        throw error
    }
}

/// Gives a file another name; a file that already has that name is replaced in one step. Throws ``FileError``.
public func renameFile(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else { throw FileError("create", target) }
}

/// Gives a file a second name, which must be free. Throws ``FileError``.
public func linkFile(_ source: String, to target: String) throws {
    guard link(source, target) == 0 else { throw FileError("create", target) }
}

/// Removes a file or link; one that is not there is fine. Throws ``FileError``.
public func removeFile(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
}
