/// Decides when spouts must pause, from the bytes that receivers have not taken yet.
///
/// Heron allows every connection 100 MiB before it reacts, which four slow receivers make 400 MiB. Here each connection
/// has its limit, and all of them together have one as well. A value without I/O: it returns what to do.
public struct BackPressure {
    /// When to begin and when to end, in bytes.
    public struct Limits: Sendable, Equatable {
        /// One connection with this much unsent begins back pressure.
        public let high: Int
        /// Every connection must fall below this to end it.
        public let low: Int
        /// All connections together with this much unsent begin back pressure.
        public let totalHigh: Int
        /// All connections together must fall below this to end it.
        public let totalLow: Int

        /// No configuration makes a connection hold more than this.
        private static let maximumHigh = 16 << 20
        private static let maximumTotal = 24 << 20

        /// Limits from `heron.streammgr.network.backpressure.highwatermark.mb` and `…lowwatermark.mb`.
        public init(high: Int, low: Int) {
            self.high = min(max(high, 1), Limits.maximumHigh)
            self.low = min(max(low, 1), self.high / 2 + 1)
            totalHigh = max(self.high, Limits.maximumTotal)
            totalLow = totalHigh / 2
        }
    }

    /// What the owner has to do, in this order.
    enum Action: Equatable {
        /// Stop reading from the local spouts.
        case pauseSpouts
        /// Read from the local spouts again.
        case resumeSpouts
        /// Send `StartBackPressureMessage` to all other stream managers.
        case announceStart
        /// Send `StopBackPressureMessage` to all other stream managers.
        case announceStop
    }

    private let limits: Limits
    private var announcingPeers: Set<String> = []
    /// Whether a receiver of this stream manager is too slow.
    private(set) var isAnnounced = false

    init(limits: Limits) {
        self.limits = limits
    }

    /// Whether the local spouts are to pause.
    var spoutsPaused: Bool { isAnnounced || !announcingPeers.isEmpty }

    /// Takes the unsent bytes of the fullest connection and of all together.
    mutating func observe(largest: Int, total: Int) -> [Action] {
        if !isAnnounced, largest >= limits.high || total >= limits.totalHigh {
            return change { $0.isAnnounced = true } + [.announceStart]
        }
        if isAnnounced, largest < limits.low, total < limits.totalLow {
            return change { $0.isAnnounced = false } + [.announceStop]
        }
        return []
    }

    /// Another stream manager announced back pressure.
    mutating func peerStarted(_ stmgr: String) -> [Action] {
        change { $0.announcingPeers.insert(stmgr) }
    }

    /// Another stream manager ended its back pressure or disconnected.
    mutating func peerStopped(_ stmgr: String) -> [Action] {
        change { $0.announcingPeers.remove(stmgr) }
    }

    private mutating func change<T>(_ apply: (inout BackPressure) -> T) -> [Action] {
        let before = spoutsPaused
        _ = apply(&self)
        guard before != spoutsPaused else { return [] }
        return [spoutsPaused ? .pauseSpouts : .resumeSpouts]
    }
}
