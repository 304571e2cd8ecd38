/// Why offers did not suit a container: one entry for each agent, bounded, the newest last.
public struct RefusalHistory: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        /// The agent's id.
        public let agent: String
        public let hostname: String
        public let reason: Unused
        public let at: Moment
    }

    public private(set) var entries: [Entry] = []

    static let capacity = 64

    /// - Parameter hostnames: By agent id.
    mutating func note(_ reasons: [String: Unused], hostnames: [String: String], at now: Moment) {
        let news = reasons.sorted { $0.key < $1.key }.prefix(RefusalHistory.capacity).map { agent, reason in
            Entry(agent: agent, hostname: hostnames[agent] ?? agent, reason: reason, at: now)
        }
        entries.removeAll { reasons[$0.agent] != nil }
        entries.append(contentsOf: news)
        entries.removeFirst(max(0, entries.count - RefusalHistory.capacity))
    }

    mutating func clear() { entries = [] }

    /// One line: what is most common comes first.
    var summary: String {
        let groups = Dictionary(grouping: entries, by: \.reason).map { reason, entries in
            (text: RefusalHistory.names(entries.map(\.hostname)) + " \(reason)", count: entries.count)
        }
        let texts = groups.sorted { ($1.count, $0.text) < ($0.count, $1.text) }.map(\.text)
        return texts.prefix(3).joined(separator: "; ") + (texts.count > 3 ? "; …" : "")
    }

    private static func names(_ hostnames: [String]) -> String {
        let names = Set(hostnames).sorted()
        return names.prefix(2).joined(separator: ", ") + (names.count > 2 ? " and \(names.count - 2) more" : "")
    }
}
