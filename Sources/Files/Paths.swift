import Glibc

/// The last component of a path.
public func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}

/// A path that means the same from every working directory. Throws ``FileError`` if the current one is gone.
public func absolutePath(_ path: String) throws -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { throw FileError("find", path) }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
}

/// A name for a temporary file that no one else uses: hidden, with the process's id and a random number.
public func temporaryName(for purpose: String) -> String {
    ".\(purpose)-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
}
