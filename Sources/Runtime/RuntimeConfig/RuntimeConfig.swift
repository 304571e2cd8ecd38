/// What `heron_internals.yaml` says to the processes of a container: values of the cluster's file, overridden by those of
/// `override.yaml`, with the defaults of `conf/local` for what neither has.
///
/// Topology-manager keys may have the names of Heron before 0.20.3 (`tmaster`).
public struct RuntimeConfig: Sendable, Hashable {
    public let logging: LoggingSettings
    public let streamManager: StreamManagerSettings
    public let topologyManager: TopologyManagerSettings
    /// How often each process hands out its metrics.
    public let metricsExportInterval: Duration

    /// Reads the two files. The override file may be missing; Heron's own client writes one always.
    ///
    /// Throws ``YAMLError`` for a file that is missing, unreadable or malformed, and ``RuntimeConfigError`` for a value of
    /// the wrong type or out of range.
    public init(internalsFile: String, overrideFile: String?) throws {
        try self.init(SettingsReader(file: internalsFile, overrideFile: overrideFile, renaming: OlderNames.current))
    }

    /// The defaults alone.
    public static func defaults() throws -> RuntimeConfig {
        try RuntimeConfig(SettingsReader())
    }

    private init(_ reader: SettingsReader) throws {
        logging = try LoggingSettings(reader)
        streamManager = try StreamManagerSettings(reader)
        topologyManager = try TopologyManagerSettings(reader)
        metricsExportInterval = try reader.seconds("heron.metrics.export.interval.sec", 60)
    }
}

/// Where and how much the processes of a container log.
public struct LoggingSettings: Sendable, Hashable {
    /// Relative to the container's working directory.
    public let directory: String
    /// The size at which a log file is rotated, in bytes.
    public let maximumSize: Int
    /// How many files of one log are kept.
    public let maximumFiles: Int

    init(_ reader: SettingsReader) throws {
        directory = try reader.text("heron.logging.directory", "log-files")
        maximumSize = try reader.mebibytes("heron.logging.maximum.size.mb", 100)
        maximumFiles = try reader.number("heron.logging.maximum.files", 5)
    }
}
