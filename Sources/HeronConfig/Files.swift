import Glibc

/// The few file operations of this module, without Foundation.
enum Files {
    static func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a directory without `.` and `..`, in no order. Throws ``ConfigError`` `io`.
    static func names(in path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw ConfigError.io("read the directory", path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name: String = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Creates a directory and its parents, for this user only. Throws ``ConfigError`` `io`.
    static func makeDirectories(_ path: String) throws {
        if isDirectory(path) { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeDirectories(String(path[..<slash])) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw ConfigError.io("create", path, errno) }
    }

    /// Replaces a file's text in one step, readable by this user only. Throws ``ConfigError`` `io`.
    static func replace(_ path: String, _ text: String) throws {
        var template: [CChar] = Array("\(path).XXXXXX".utf8CString)
        let descriptor: Int32 = mkstemp(&template)
        guard descriptor >= 0 else { throw ConfigError.io("create", path, errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let isWritten: Bool = writeAll(descriptor, Array(text.utf8)) && fsync(descriptor) == 0
        let code: Int32 = errno
        close(descriptor)
        guard isWritten, rename(template, path) == 0 else {
            let failure = ConfigError.io("write", path, isWritten ? errno : code)
            unlink(template)
            throw failure
        }
    }

    /// Deletes a file; it may be gone already. Throws ``ConfigError`` `io`.
    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw ConfigError.io("delete", path, errno) }
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest: ArraySlice<UInt8> = bytes[...]
        while !rest.isEmpty {
            let count: Int = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
