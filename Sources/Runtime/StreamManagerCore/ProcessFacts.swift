import Glibc

/// The time of day.
enum WallClock {
    static var secondsSince1970: Int64 { Int64(time(nil)) }
}

/// What Heron's tracker wants to know of this process.
enum ProcessFacts {
    static var pid: Int32 { getpid() }

    /// The working directory, or an empty string where it has been removed.
    static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
