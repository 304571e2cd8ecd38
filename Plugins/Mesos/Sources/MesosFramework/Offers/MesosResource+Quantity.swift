import MesosProtocol

extension MesosResource {
    /// A scalar's amount in thousandths, as Mesos calculates; nothing for what is malformed or no scalar.
    public var thousandths: Int64 {
        type == .scalar ? Thousandths.round(scalar.value) : 0
    }

    /// How deep it is reserved: 0 if any role may have it.
    public var reservationDepth: Int {
        if !reservations.isEmpty { return reservations.count }
        // The format for frameworks without RESERVATION_REFINEMENT.
        return hasReservation || hasRole && role != "*" ? 1 : 0
    }

    /// In Mesos's notation: "cpus:1.5", "cpus(web):1" if reserved, "ports:[31000-31004, 31010-31010]".
    public var summary: String {
        let owner = reservations.last?.role ?? role
        let label = reservationDepth > 0 ? "\(name)(\(owner))" : name
        switch type {
        case .scalar: return "\(label):\(Thousandths.text(thousandths))"
        case .ranges: return "\(label):[\(ranges.range.map { "\($0.begin)-\($0.end)" }.joined(separator: ", "))]"
        case .set: return "\(label):{\(set.item.joined(separator: ", "))}"
        case .text: return label
        }
    }

    /// Whether a task's process can simply have it. Others may claim it back (revocable), others use it too (shared),
    /// or it is a disk of its own rather than the one that sandboxes are on.
    var isPlain: Bool { !hasRevocable && !hasShared && !hasDisk }

    /// All that makes it that resource: everything but the quantity.
    var identity: MesosResource {
        var copy = self
        copy.clearScalar()
        copy.clearRanges()
        return copy
    }
}

extension [MesosResource] {
    /// All of them in one line.
    public var summary: String { map(\.summary).joined(separator: "; ") }
}
