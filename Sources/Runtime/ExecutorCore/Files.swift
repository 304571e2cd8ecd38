import Glibc

extension ExecutorError {
    /// "<what>: <the system's words for the code>".
    static func system(_ what: String, _ code: Int32) -> ExecutorError {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return ExecutorError("\(what): error \(code)") }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return ExecutorError("\(what): \(text.prefix(1).lowercased())\(text.dropFirst())")
    }
}

/// The files `<process>.pid` in a folder, by which the shell and Heron's tools find processes.
struct PIDFiles: Sendable {
    let directory: String

    /// Writes the id, in decimal and without a line end, in one step: a reader never sees a part of it.
    func write(_ processID: Int32, for process: String) throws {
        let temporary = "\(directory)/\(PIDFiles.temporaryName()).heron.tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExecutorError.system("cannot write '\(temporary)'", errno) }
        let text = "\(processID)"
        let isWritten = Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
        let writeError = errno
        close(descriptor)
        guard isWritten, rename(temporary, path(process)) == 0 else {
            let code = isWritten ? errno : writeError
            unlink(temporary)
            throw ExecutorError.system("cannot write '\(path(process))'", code)
        }
    }

    /// Removes a process's file.
    func remove(_ process: String) {
        unlink(path(process))
    }

    private func path(_ process: String) -> String { "\(directory)/\(process).pid" }

    /// Heron's form, 12 capital letters, so that its tools skip a file that was left behind.
    private static func temporaryName() -> String {
        String((0..<12).map { _ in Character(UnicodeScalar(UInt8.random(in: 65...90))) })
    }
}

/// Whether a class path has something to run: a jar of its own, or a folder (`folder/*`) with one. Relative entries count
/// from the directory.
func holdsJars(classpath: String, in directory: String) -> Bool {
    classpath.split(separator: ":").contains { entry in
        let path = entry.hasPrefix("/") ? String(entry) : "\(directory)/\(entry)"
        return path.hasSuffix("/*") ? folderHoldsJars(String(path.dropLast(2))) : isJar(path) && access(path, R_OK) == 0
    }
}

private func isJar(_ name: String) -> Bool {
    name.lowercased().hasSuffix(".jar")
}

private func folderHoldsJars(_ path: String) -> Bool {
    guard let folder = opendir(path) else { return false }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if isJar(name) { return true }
    }
    return false
}
