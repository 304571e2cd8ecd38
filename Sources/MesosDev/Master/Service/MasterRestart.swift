/// How a master is restarted: durations in seconds, one after another.
struct MasterRestart: Sendable {
    var keepsRegistry: Bool
    /// How long every connection is cut.
    var down: Double
    /// How long the master then answers only that it has not finished recovery.
    var recovering: Double
    /// How long the agents then take to find it.
    var agents: Double
}
