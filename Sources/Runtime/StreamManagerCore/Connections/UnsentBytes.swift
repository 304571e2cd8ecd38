import HeronWire

/// How much the receivers of some connections have not taken yet.
struct UnsentBytes: Equatable {
    /// Of the fullest connection.
    var largest = 0
    /// Of all together.
    var total = 0

    mutating func add(_ bytes: Int) {
        largest = max(largest, bytes)
        total += bytes
    }
}

/// Names each type of packet once that nobody here handles.
///
/// Most of them belong to effectively-once processing, which other peers may offer to talk about.
struct UnhandledPackets {
    private var seen: Set<String> = []

    /// A line for the log, or nil if the type was named before.
    mutating func note(_ packet: WirePacket, from connection: WireConnection) -> String? {
        // A peer that invents names must not fill the memory.
        guard seen.count < 100, seen.insert(packet.typeName).inserted else { return nil }
        return "ignoring packets of type \(packet.typeName), first from \(connection.peer): not supported here"
    }
}
