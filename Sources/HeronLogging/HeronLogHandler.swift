import Logging

/// Writes lines of the form `[2024-05-01 12:00:00 +0200] [INFO]: message key=value`.
///
/// Each line is one `write(2)`, so that lines of several threads and processes do not mix. Control characters are
/// escaped, so that no message can forge a line or steer a terminal.
public struct HeronLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let descriptor: Int32

    /// A handler that writes to an open descriptor, which it does not own.
    public init(descriptor: Int32, level: Logger.Level) {
        self.descriptor = descriptor
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var details: Logger.Metadata = metadata
        details.merge(metadataProvider?.get() ?? [:]) { $1 }
        details.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { details["error"] = "\(error)" }
        LogLine(time: .now, level: event.level, message: "\(event.message)", details: details).write(to: descriptor)
    }
}
