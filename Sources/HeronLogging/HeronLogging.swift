import Glibc
import Logging

/// Logging of Heron's processes through swift-log, in Heron's line format.
public enum HeronLogging {
    /// Where the lines go.
    public enum Destination: Sendable {
        case standardError
        /// An open descriptor, which stays open as long as the process logs. Opened with `O_APPEND`, lines of several
        /// processes do not overwrite each other.
        case descriptor(Int32)
        /// A file to append to; it is created if it is not there.
        case file(String)
    }

    /// Makes every `Logger` of the process write to the destination. To be called once, before the first line.
    ///
    /// Throws ``LogFileError`` if the file cannot be opened; then nothing has changed.
    public static func bootstrap(level: Logger.Level, destination: Destination = .standardError) throws {
        let descriptor: Int32 = try open(destination)
        LoggingSystem.bootstrap { _ in HeronLogHandler(descriptor: descriptor, level: level) }
    }

    private static func open(_ destination: Destination) throws -> Int32 {
        switch destination {
        case .standardError: return STDERR_FILENO
        case .descriptor(let descriptor): return descriptor
        case .file(let path):
            let descriptor: Int32 = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw LogFileError(path: path, code: errno) }
            return descriptor
        }
    }
}

/// The log file cannot be opened.
public struct LogFileError: Error, Sendable, CustomStringConvertible {
    public let path: String
    /// The `errno` of the attempt.
    public let code: Int32

    public var description: String { "cannot open the log file \(path): \(String(cString: strerror(code)))" }
}
