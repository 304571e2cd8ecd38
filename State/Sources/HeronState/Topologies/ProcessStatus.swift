/// What an executor says of one process of its container.
///
/// Kept as a JSON array in our own, ephemeral node `heron-swift/<topology>/containers/<container>`: gone with the executor.
public struct ProcessStatus: Codable, Sendable, Hashable {
    /// Whether the process runs.
    public enum State: String, Codable, Sendable {
        case running
        /// It ended, and is started again after a pause.
        case backingOff = "backing-off"
    }

    public var container: Int32
    /// The executor's name for it, such as `stmgr-1`.
    public var name: String
    public var state: State
    /// The process id, while it runs.
    public var pid: Int32?
    /// How often it was started, from 1.
    public var starts: Int
    /// How it ended the last time, if it did.
    public var lastExit: String?

    public init(container: Int32, name: String, state: State, pid: Int32?, starts: Int, lastExit: String?) {
        self.container = container
        self.name = name
        self.state = state
        self.pid = pid
        self.starts = starts
        self.lastExit = lastExit
    }

    enum CodingKeys: String, CodingKey {
        case container, name, state, pid, starts
        case lastExit = "last_exit"
    }
}

extension StatePath {
    /// The folder of what the executors of a topology say of their processes, one node per container.
    public static func processStatuses(of topology: String) throws -> StatePath {
        try StatePath(own: topology, "containers")
    }
}
