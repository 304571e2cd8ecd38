/// The settings of the stream manager. Sizes are in bytes.
public struct StreamManagerSettings: Sendable, Hashable {
    /// How long tuples wait for others to be sent together.
    public let drainInterval: Duration
    /// How many bytes of tuples are sent at once without waiting.
    public let drainSize: Int
    /// The largest packet of an instance or another stream manager.
    public let maximumPacketSize: Int
    /// The largest packet of the topology manager.
    public let maximumTopologyManagerPacketSize: Int
    /// How much is read from a connection before others have their turn.
    public let readBatchSize: Int
    /// How much is written to a connection before others have their turn.
    public let writeBatchSize: Int
    /// The time between two attempts to reach another stream manager.
    public let reconnectInterval: Duration
    /// The time between two attempts to reach the topology manager.
    public let topologyManagerReconnectInterval: Duration
    /// How many attempts to reach the topology manager fail before the stream manager gives up.
    public let topologyManagerReconnectAttempts: Int
    /// How often the state is asked for the topology manager's location, besides watching it.
    public let topologyManagerLocationCheckInterval: Duration
    public let heartbeatInterval: Duration
    /// Buffered bytes of one connection at which the spouts are stopped.
    public let highWatermark: Int
    /// Buffered bytes at which they are started again; not above the high watermark.
    public let lowWatermark: Int
    /// How many generations of pending tuples the acknowledgement table keeps.
    public let acknowledgementBuckets: Int

    init(_ reader: SettingsReader) throws {
        let prefix = "heron.streammgr."
        drainInterval = try reader.milliseconds(prefix + "cache.drain.frequency.ms", 1)
        drainSize = try reader.mebibytes(prefix + "cache.drain.size.mb", 100)
        maximumPacketSize = try reader.mebibytes(prefix + "network.options.maximum.packet.mb", 10)
        maximumTopologyManagerPacketSize = try reader.mebibytes(
            "heron.tmanager.network.server.options.maximum.packet.mb",
            16
        )
        readBatchSize = try reader.mebibytes(prefix + "connection.read.batch.size.mb", 1)
        writeBatchSize = try reader.mebibytes(prefix + "connection.write.batch.size.mb", 1)
        reconnectInterval = try reader.seconds(prefix + "client.reconnect.interval.sec", 1)
        topologyManagerReconnectInterval = try reader.seconds(prefix + "client.reconnect.tmanager.interval.sec", 1)
        topologyManagerReconnectAttempts = try reader.number(prefix + "client.reconnect.tmanager.max.attempts", 300)
        topologyManagerLocationCheckInterval = try reader.seconds("heron.check.tmanager.location.interval.sec", 120)
        heartbeatInterval = try reader.seconds(prefix + "tmanager.heartbeat.interval.sec", 10)
        let (high, low) = (
            prefix + "network.backpressure.highwatermark.mb", prefix + "network.backpressure.lowwatermark.mb"
        )
        highWatermark = try reader.mebibytes(high, 100)
        lowWatermark = try reader.mebibytes(low, 50)
        guard lowWatermark <= highWatermark else {
            throw reader.conflict(low, high, "\(low) must not be above \(high)")
        }
        acknowledgementBuckets = try reader.number(prefix + "xormgr.rotatingmap.nbuckets", 3)
    }
}
