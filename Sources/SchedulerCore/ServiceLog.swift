import Glibc

/// The log file of a scheduler service that is being started, for the reason if it fails.
///
/// It stays open: a start that fails may take the working directory, and with it the file, away. Safe from any thread.
final class ServiceLog: Sendable {
    let path: String
    private let descriptor: Int32
    /// Where this start's lines begin.
    private let start: off_t

    /// Larger logs are not searched from their beginning.
    private static let maximumSearch: off_t = 64 << 10
    private static let marker = "[ERROR]: "

    /// Creates the file and its folder if they are not there. Throws ``SchedulingError``.
    init(_ settings: SchedulerServiceProcess.Settings) throws {
        let folder: String = "\(settings.record.workingDirectory)/log-files"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw SchedulingError("cannot create '\(folder)': \(String(cString: strerror(errno)))")
        }
        path = settings.logFile
        descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SchedulingError("cannot create '\(path)': \(String(cString: strerror(errno)))")
        }
        start = lseek(descriptor, 0, SEEK_END)
    }

    deinit {
        close(descriptor)
    }

    /// The text of the last error that the service has written, or its last line; nil if it has written nothing.
    func lastError() -> String? {
        let end: off_t = lseek(descriptor, 0, SEEK_END)
        let begin: off_t = max(start, end - ServiceLog.maximumSearch)
        guard end > begin else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(end - begin))
        let count: Int = pread(descriptor, &bytes, bytes.count, begin)
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
        for line in lines.reversed() {
            if let range = line.firstRange(of: ServiceLog.marker) { return String(line[range.upperBound...]) }
        }
        return lines.last.map(String.init)
    }
}
