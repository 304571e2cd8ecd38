/// The settings of the topology manager. Sizes are in bytes.
public struct TopologyManagerSettings: Sendable, Hashable {
    /// How many attempts to become the topology's manager fail before the process gives up.
    public let establishAttempts: Int
    public let establishInterval: Duration
    /// The largest packet of a stream manager.
    public let maximumPacketSize: Int
    /// The largest request to the HTTP controller.
    public let maximumControllerRequestSize: Int
    /// The largest request to the statistics server.
    public let maximumStatsRequestSize: Int
    /// How long a stream manager may be silent before it counts as dead.
    public let streamManagerTimeout: Duration
    /// How far back metrics are kept.
    public let metricsRetention: Duration
    /// How often older metrics are dropped.
    public let metricsPurgeInterval: Duration
    /// How many exceptions of instances are kept.
    public let maximumExceptions: Int
    /// Whether the statistics server listens on all interfaces, or on its host's only.
    public let statsOnAllInterfaces: Bool

    init(_ reader: SettingsReader) throws {
        let prefix = "heron.tmanager."
        establishAttempts = try reader.number(prefix + "establish.retry.times", 30)
        establishInterval = try reader.seconds(prefix + "establish.retry.interval.sec", 1)
        maximumPacketSize = try reader.mebibytes(prefix + "network.server.options.maximum.packet.mb", 16)
        maximumControllerRequestSize = try reader.mebibytes(prefix + "network.controller.options.maximum.packet.mb", 1)
        maximumStatsRequestSize = try reader.mebibytes(prefix + "network.stats.options.maximum.packet.mb", 1)
        streamManagerTimeout = try reader.seconds(prefix + "stmgr.state.timeout.sec", 60)
        metricsRetention = try reader.seconds(prefix + "metrics.collector.maximum.interval.min", 180, unit: 60)
        metricsPurgeInterval = try reader.seconds(prefix + "metrics.collector.purge.interval.sec", 60)
        maximumExceptions = try reader.number(prefix + "metrics.collector.maximum.exception", 256)
        statsOnAllInterfaces = try reader.flag(prefix + "metrics.network.bindallinterfaces", false)
    }
}
