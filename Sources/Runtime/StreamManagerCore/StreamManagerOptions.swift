import HeronModel
import NIOCore
import RuntimeConfig

/// What one stream manager is and where it stands.
public struct StreamManagerOptions: Sendable {
    /// The stream manager's own id, `stmgr-<container>`.
    public var id: String
    public var topologyName: String
    public var topologyID: String
    /// The ids of the instances in this container.
    public var instanceIDs: [String]
    /// The name by which other machines reach this one.
    public var host: String
    /// The port for other stream managers, on all interfaces; 0 for any.
    public var dataPort: Int
    /// The port for the instances of this container, on the loopback interface; 0 for any.
    public var localDataPort: Int
    /// The port of the container's shell, which Heron's tracker asks for files.
    public var shellPort: Int
    public var tuning: StreamManagerTuning

    public init(
        id: String,
        topologyName: String,
        topologyID: String,
        instanceIDs: [String],
        host: String,
        dataPort: Int,
        localDataPort: Int,
        shellPort: Int,
        tuning: StreamManagerTuning
    ) {
        self.id = id
        self.topologyName = topologyName
        self.topologyID = topologyID
        self.instanceIDs = instanceIDs
        self.host = host
        self.dataPort = dataPort
        self.localDataPort = localDataPort
        self.shellPort = shellPort
        self.tuning = tuning
    }
}

/// The part of `heron_internals.yaml` that a stream manager obeys.
public struct StreamManagerTuning: Sendable {
    /// The largest packet of instances and other stream managers, in bytes.
    public var maximumPacketSize: Int
    /// The largest packet of the topology manager, in bytes.
    public var maximumTManagerPacketSize: Int
    /// The longest that a tuple waits for company.
    public var drainInterval: TimeAmount
    /// The wait before another stream manager is tried again.
    public var peerReconnectInterval: TimeAmount
    /// The longest wait before the topology manager is tried again.
    public var tmanagerReconnectInterval: TimeAmount
    public var heartbeatInterval: TimeAmount
    /// How long instances and other stream managers may take to say who they are.
    public var introductionLimit = TimeAmount.seconds(30)
    /// When receivers are so slow that spouts must pause.
    public var backPressure: BackPressure.Limits
    /// In how many generations the ledger of acknowledgements is kept.
    public var ackGenerations: Int

    public init(_ settings: StreamManagerSettings) {
        maximumPacketSize = settings.maximumPacketSize
        maximumTManagerPacketSize = settings.maximumTopologyManagerPacketSize
        drainInterval = TimeAmount(settings.drainInterval)
        peerReconnectInterval = TimeAmount(settings.reconnectInterval)
        tmanagerReconnectInterval = TimeAmount(settings.topologyManagerReconnectInterval)
        heartbeatInterval = TimeAmount(settings.heartbeatInterval)
        backPressure = BackPressure.Limits(high: settings.highWatermark, low: settings.lowWatermark)
        ackGenerations = settings.acknowledgementBuckets
    }
}

/// Why a stream manager cannot start: one line that says what is wrong and where.
public struct StreamManagerError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension Topology {
    /// A value of the topology's own configuration, if it is there as text.
    func configured(_ key: String) -> String? {
        topologyConfig.kvs.first { $0.key == key && $0.hasValue }?.value
    }

    /// How long the tuples of a spout may take; Heron's default where the topology says nothing.
    var messageTimeout: TimeAmount {
        .seconds(max(configured("topology.message.timeout.secs").flatMap { Int64($0) } ?? 30, 1))
    }
}
