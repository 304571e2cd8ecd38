import MesosProtocol

/// The updates of one task that were not acknowledged, the oldest first: only that one is sent.
struct UpdateQueue: Sendable {
    private var updates: [MesosTaskStatus] = []

    /// What is sent now; nil if everything was acknowledged.
    var head: MesosTaskStatus? { updates.first }

    /// True if it is to be sent at once.
    mutating func append(_ status: MesosTaskStatus) -> Bool {
        updates.append(status)
        return updates.count == 1
    }

    /// False if it is not the head's: that acknowledgement is late, or of nothing.
    mutating func acknowledge(_ uuid: [UInt8]) -> Bool {
        guard let head, Array(head.uuid) == uuid else { return false }
        updates.removeFirst()
        return true
    }
}
