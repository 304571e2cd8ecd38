import Glibc

/// The path to execute for a name: as it is if it holds a `/`, else found in the environment's `PATH`.
///
/// Relative paths count from the directory, the present one unless said otherwise. Throws ``ProcessError``.
public func findExecutable(_ name: String, environment: [String: String], from directory: Int32 = AT_FDCWD) throws
    -> String
{
    guard !name.isEmpty else { throw ProcessError("cannot start a process: the executable's name is empty") }
    if name.contains("/") { return name }
    let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in path.split(separator: ":") {
        let candidate = "\(folder)/\(name)"
        if isExecutableFile(candidate, from: directory) { return candidate }
    }
    throw ProcessError("cannot start '\(name)': no such command in PATH (\(path))", code: ENOENT)
}

private func isExecutableFile(_ path: String, from directory: Int32) -> Bool {
    var info = stat()
    return fstatat(directory, path, &info, 0) == 0 && info.st_mode & S_IFMT == S_IFREG
        && faccessat(directory, path, X_OK, 0) == 0
}

/// Why `exec` of a path failed, in one line; looks at the file to tell apart what one error number means.
func executionError(_ path: String, _ code: Int32, from directory: Int32) -> ProcessError {
    var info = stat()
    let exists = fstatat(directory, path, &info, 0) == 0
    let reason =
        switch code {
        case ENOENT where exists: "its interpreter (the '#!' line, or the dynamic loader) is missing"
        case EACCES where exists && info.st_mode & S_IFMT == S_IFDIR: "it is a directory"
        case EACCES where exists: "it is not executable"
        case ENOEXEC: "it is not an executable file of this machine, and has no '#!' line"
        case E2BIG: "its arguments and environment are too long"
        default: errorText(code)
        }
    return ProcessError("cannot start '\(path)': \(reason)", code: code)
}
