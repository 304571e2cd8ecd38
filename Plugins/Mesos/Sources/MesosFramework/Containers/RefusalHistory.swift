/// Why offers did not suit a container: one entry for each agent, bounded, the newest last.
public struct RefusalHistory: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public let agent: String
        public let reason: Unused
        public let at: Moment
    }

    public private(set) var entries: [Entry] = []

    static let capacity = 64

    mutating func note(_ reasons: [String: Unused], at now: Moment) {
        for (agent, reason) in reasons.sorted(by: { $0.key < $1.key }) {
            entries.removeAll { $0.agent == agent }
            entries.append(Entry(agent: agent, reason: reason, at: now))
        }
        if entries.count > RefusalHistory.capacity { entries.removeFirst(entries.count - RefusalHistory.capacity) }
    }

    mutating func clear() { entries = [] }
}
