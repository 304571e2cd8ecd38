/// What ZooKeeper knows about a node beside its data (`Stat` of its protocol).
public struct ZooKeeperStat: Sendable, Hashable {
    /// The transaction that created the node.
    public let created: Int64
    /// The transaction that last changed its data.
    public let modified: Int64
    /// Counts the changes of the data, from 0.
    public let version: Int32
    /// The session that an ephemeral node ends with; 0 for any other node.
    public let ephemeralOwner: Int64
}

/// A node's data and stat.
public struct ZooKeeperNode: Sendable, Hashable {
    public let data: [UInt8]
    public let stat: ZooKeeperStat
}

/// One step of a multi. A nil version means any version.
public enum ZooKeeperOperation: Sendable, Hashable {
    case create(String, [UInt8], isEphemeral: Bool)
    case set(String, [UInt8], version: Int32?)
    case delete(String, version: Int32?)
    case check(String, version: Int32)

    public var path: String {
        switch self {
        case .create(let path, _, _), .set(let path, _, _), .delete(let path, _), .check(let path, _): path
        }
    }
}
