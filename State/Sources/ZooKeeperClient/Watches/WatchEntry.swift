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

    /// Tells a value from every other of the same watch, without the node's data: that can be large, and is the
    /// observers' to keep.
    private enum Mark: Equatable {
        case node(ZooKeeperStat?)
        case children([String]?)

        init(_ value: WatchedValue) {
            self =
                switch value {
                case .node(let node): .node(node?.stat)
                case .children(let names): .children(names)
                }
        }
    }

    var phase = Phase.unset
    /// Which value the observers know.
    private var last: Mark?
    var observers: [UInt64: WatchObserver] = [:]
    /// Those of the observers that have not been told any value yet.
    var newcomers: Set<UInt64> = []

    /// Those to tell the value: all if it is news, else the newcomers only.
    mutating func observers(toTell value: WatchedValue) -> [WatchObserver] {
        defer { newcomers = [] }
        let mark = Mark(value)
        guard mark == last else {
            last = mark
            return Array(observers.values)
        }
        return newcomers.compactMap { observers[$0] }
    }
}
