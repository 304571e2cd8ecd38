import Files

/// What an executor writes to its standard error before it ends: mostly the reason for its end.
struct LastWords: Sendable {
    private let path: String
    /// Where the run's lines begin.
    private let start: Int64

    /// A longer text is searched in its last bytes only.
    private static let searched: Int64 = 4096
    /// As much of a line as fits a status.
    private static let longest = 300

    /// What comes to the file from now on belongs to the run that is about to begin.
    init(path: String) {
        self.path = path
        start = (try? FileStatus(following: path))?.size ?? 0
    }

    /// The last line of the run; nil if it wrote nothing, or the file is gone.
    var line: String? {
        guard let file = try? File(reading: path), let end = try? file.status().size, end > start else { return nil }
        let from = max(start, end - LastWords.searched)
        let bytes = try? file.bytes(at: from, count: Int(end - from))
        guard let line = bytes?.split(separator: UInt8(ascii: "\n")).last else { return nil }
        let text = String(decoding: line, as: UTF8.self)
        let prefix = "heron-executor: "
        return String((text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]).prefix(LastWords.longest))
    }
}
