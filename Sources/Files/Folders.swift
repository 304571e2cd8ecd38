import Glibc

/// Creates a folder and those above it that are missing; returns those that were made, outermost first.
///
/// Throws ``FileError``, and then nothing that was made remains. A path that exists but is no folder is an error too.
public func createFolders(_ path: String) throws -> [String] {
    var created: [String] = []
    do {
        for end in path.indices.dropFirst() where path[end] == "/" {
            try createFolder(String(path[..<end]), created: &created)
        }
        try createFolder(path, created: &created)
    } catch {
        removeFoldersIfEmpty(created)
        throw error
    }
    return created
}

private func createFolder(_ path: String, created: inout [String]) throws {
    if mkdir(path, 0o777) == 0 {
        created.append(path)
        return
    }
    let code: CInt = errno
    // Whatever mkdir says, a read-only file system for example: a folder that is there will do.
    if let status = try? FileStatus(following: path) {
        guard status.kind == .folder else { throw FileError("create the folder", path, code: ENOTDIR) }
        return
    }
    throw FileError("create the folder", path, code: code)
}

/// Removes folders, the last first, as far as they are empty: undoes ``createFolders(_:)``.
public func removeFoldersIfEmpty(_ paths: [String]) {
    for path in paths.reversed() where rmdir(path) != 0 { return }
}

/// The names in a folder without `.` and `..`, in the order of their bytes. Throws ``FileError``.
public func folderEntries(_ path: String) throws -> [String] {
    guard let stream = opendir(path) else { throw FileError("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else { break }
        let name: String = withName(of: entry) { String(cString: $0) }
        if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw FileError("list", path) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Removes a file, a link, or a folder with everything in it; what is not there is fine. Links are not followed.
///
/// Throws ``FileError``; what could not be removed remains.
public func removeTree(_ path: String) throws {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR else { throw FileError("remove", path) }
    let descriptor: CInt = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("remove", path) }
    try removeEntries(ofFolder: descriptor, path: path)
    guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
}

/// Empties a folder and closes its descriptor.
private func removeEntries(ofFolder descriptor: CInt, path: String) throws {
    guard let stream = fdopendir(descriptor) else {
        let error = FileError("remove", path)
        close(descriptor)
        throw error
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
        try withName(of: entry) { name in
            if strcmp(name, ".") != 0, strcmp(name, "..") != 0 {
                try removeEntry(name, ofFolder: descriptor, path: "\(path)/\(String(cString: name))")
            }
        }
    }
}

private func removeEntry(_ name: UnsafePointer<CChar>, ofFolder folder: CInt, path: String) throws {
    if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR else { throw FileError("remove", path) }
    let descriptor: CInt = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("remove", path) }
    try removeEntries(ofFolder: descriptor, path: path)
    guard unlinkat(folder, name, AT_REMOVEDIR) == 0 else { throw FileError("remove", path) }
}

private func withName<Result>(
    of entry: UnsafeMutablePointer<dirent>,
    _ body: (UnsafePointer<CChar>) throws -> Result
) rethrows -> Result {
    try withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        try pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
            try body($0)
        }
    }
}
