/// The state of one watch on the server, and those who share it.
struct WatchEntry {
    enum Phase: Hashable {
        /// Nothing is set on the server: there is no session, or the connection broke while reading.
        case unset
        /// A read that sets the watch is under way; `again` if it has to be repeated.
        case reading(again: Bool)
        /// The server tells the next change.
        case set
    }

    var phase = Phase.unset
    /// What the observers know.
    var last: WatchedValue?
    var observers: [UInt64: WatchObserver] = [:]
    /// Those of the observers that have not been told any value yet.
    var newcomers: Set<UInt64> = []

    /// Those to tell the value: all if it is news, else the newcomers only.
    mutating func observers(toTell value: WatchedValue) -> [WatchObserver] {
        defer { newcomers = [] }
        guard value == last else {
            last = value
            return Array(observers.values)
        }
        return newcomers.compactMap { observers[$0] }
    }
}
