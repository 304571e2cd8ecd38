/// Why a tuple was not delivered.
enum TupleLoss: String, CaseIterable {
    case instanceAway = "for instances that are not connected"
    case peerAway = "for stream managers that are not connected"
    case unknownTask = "for tasks that the physical plan does not have"
    case tooLarge = "larger than a packet may be (heron.streammgr.network.options.maximum.packet.mb)"
    case keyGiven = "that came with a key although only the stream manager gives keys"
    case valueMissing = "without a value that a fields grouping needs"
    case rootsWrong = "with other roots than a spout's tuple may have"
    case notRegistered = "from connections that have not registered"
}

/// Counts tuples that were lost, until someone tells the user.
struct TupleLosses {
    private var counts: [TupleLoss: Int] = [:]

    mutating func add(_ loss: TupleLoss, count: Int = 1) {
        if count > 0 { counts[loss, default: 0] += count }
    }

    var isEmpty: Bool { counts.isEmpty }

    /// How many tuples were lost for a reason since the last report.
    func count(_ loss: TupleLoss) -> Int { counts[loss] ?? 0 }

    /// One line about everything lost since the last report, or nil if there is nothing to say.
    mutating func report() -> String? {
        guard !counts.isEmpty else { return nil }
        let parts = TupleLoss.allCases.compactMap { loss in counts[loss].map { "\($0) \(loss.rawValue)" } }
        counts = [:]
        return "dropped tuples: " + parts.joined(separator: ", ")
    }
}
