import HeronModel

/// Collects tuples per destination, so that many of them leave in one packet.
///
/// The order of tuples from one source to one destination is kept. Sizes are counted as they will be on the wire and
/// before a tuple is added, so that no packet exceeds what its receiver takes.
struct TupleCache {
    /// A set of this size is complete: larger ones save nothing and keep a destination waiting.
    private static let completeSize = 64 * 1024 - OutgoingSet.overhead
    /// The room that a set gets before anything is known of its destination.
    private static let firstCapacity = 512

    private struct Slot {
        var complete: [OutgoingSet] = []
        var open: OutgoingSet?
        /// What the last set needed: the next one will need about as much.
        var expectedSize = TupleCache.firstCapacity
    }

    /// The largest content of a set that still fits into a packet.
    private let maximumContent: Int
    private var slots: [Slot]
    private var occupied: [Int] = []
    /// The bytes of all tuples that wait here.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - slots: the number of destinations.
    ///   - maximumPacketSize: bytes; the receivers' limit.
    init(slots: Int, maximumPacketSize: Int) {
        self.slots = Array(repeating: Slot(), count: slots)
        maximumContent = maximumPacketSize - OutgoingSet.overhead
    }

    /// Whether nothing waits.
    var isEmpty: Bool { occupied.isEmpty }

    /// Adds a tuple for a destination.
    ///
    /// - Parameters:
    ///   - field: the tuple as a field of the set, tag and length included.
    ///   - key: the tuple's new key and where it stands in the field; nil to leave the key alone.
    ///   - prefix: what the set needs before its tuples; see ``OutgoingSet``.
    /// - Returns: false, with nothing added, if the tuple alone exceeds a packet.
    mutating func add(
        _ field: RawSpan,
        key: (offset: Int, value: UInt64)?,
        to slot: Int,
        kind: OutgoingSet.Kind,
        source: Int32,
        prefix: [UInt8]
    ) -> Bool {
        guard prefix.count + field.byteCount <= maximumContent else { return false }
        if isOpenSetUnfit(slot, for: field.byteCount, kind: kind, source: source) { completeSet(slot) }
        if slots[slot].open == nil { openSet(slot, kind: kind, source: source, prefix: prefix, least: field.byteCount) }
        if let key {
            slots[slot].open?.append(field, keyOffset: key.offset, key: key.value)
        } else {
            slots[slot].open?.append(field)
        }
        bytes += field.byteCount
        return true
    }

    private func isOpenSetUnfit(_ slot: Int, for size: Int, kind: OutgoingSet.Kind, source: Int32) -> Bool {
        guard let open = slots[slot].open else { return false }
        return open.kind != kind || open.source != source
            || open.contentSize + size > min(maximumContent, TupleCache.completeSize)
    }

    private mutating func openSet(_ slot: Int, kind: OutgoingSet.Kind, source: Int32, prefix: [UInt8], least: Int) {
        if slots[slot].complete.isEmpty { occupied.append(slot) }
        let capacity = max(slots[slot].expectedSize, prefix.count + least)
        slots[slot].open = OutgoingSet(kind: kind, source: source, prefix: prefix, capacity: capacity)
    }

    private mutating func completeSet(_ slot: Int) {
        guard let open = takeOpenSet(slot) else { return }
        slots[slot].complete.append(open)
    }

    private mutating func takeOpenSet(_ slot: Int) -> OutgoingSet? {
        guard let open = slots[slot].open.take() else { return nil }
        slots[slot].expectedSize = min(open.contentSize, TupleCache.completeSize)
        return open
    }

    /// Hands over every set, each destination's in order, and is empty afterwards.
    ///
    /// The sets are moved, never copied: what finishes them writes into the buffer that the tuples were added to.
    mutating func drain(_ deliver: (_ slot: Int, _ set: inout OutgoingSet) -> Void) {
        for slot in occupied {
            if !slots[slot].complete.isEmpty {
                var sets: [OutgoingSet] = []
                swap(&sets, &slots[slot].complete)
                sets.reverse()
                while var set = sets.popLast() { deliver(slot, &set) }
            }
            if var set = takeOpenSet(slot) { deliver(slot, &set) }
        }
        occupied.removeAll(keepingCapacity: true)
        bytes = 0
    }
}
