import MesosProtocol

/// A set of ports, from 1 to 65535.
struct PortRanges: Sendable, Hashable {
    /// Ascending, with gaps between them.
    private(set) var ranges: [ClosedRange<UInt16>] = []

    /// Ascending ranges with gaps between them.
    private init(ranges: [ClosedRange<UInt16>]) {
        self.ranges = ranges
    }

    /// The ports of offered ranges, which may be in any order and overlap. What cannot be ports is left out.
    init(_ offered: [MesosValue.Range] = []) {
        let bounds = offered.compactMap { range -> ClosedRange<UInt16>? in
            guard range.begin <= range.end, range.begin <= 65535, range.end >= 1 else { return nil }
            return UInt16(max(range.begin, 1))...UInt16(min(range.end, 65535))
        }
        for range in bounds.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    var count: Int { ranges.reduce(0) { $0 + $1.count } }
    var isEmpty: Bool { ranges.isEmpty }
    var ports: [UInt16] { ranges.flatMap { Array($0) } }

    /// As Mesos writes them.
    var message: [MesosValue.Range] {
        ranges.map { range in
            .with {
                $0.begin = UInt64(range.lowerBound)
                $0.end = UInt64(range.upperBound)
            }
        }
    }

    /// Adds a range that begins no lower than the last one.
    private mutating func append(_ range: ClosedRange<UInt16>) {
        guard let last = ranges.last, Int(last.upperBound) + 1 >= Int(range.lowerBound) else {
            return ranges.append(range)
        }
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }

    mutating func formUnion(_ other: PortRanges) {
        let all = (ranges + other.ranges).sorted { $0.lowerBound < $1.lowerBound }
        ranges = []
        for range in all { append(range) }
    }

    mutating func subtract(_ other: PortRanges) {
        var left: [ClosedRange<UInt16>] = []
        var cuts = other.ranges[...]
        for range in ranges {
            var next = range.lowerBound
            while let cut = cuts.first, cut.lowerBound <= range.upperBound {
                if cut.lowerBound > next { left.append(next...cut.lowerBound - 1) }
                // A cut that goes on beyond the range may cut the next one as well.
                guard cut.upperBound < range.upperBound else { break }
                next = max(next, cut.upperBound + 1)
                cuts.removeFirst()
            }
            if let cut = cuts.first, cut.lowerBound <= range.upperBound { continue }
            left.append(next...range.upperBound)
        }
        ranges = left
    }

    /// Takes out `count` ports, or all if there are fewer: the lowest above a port, and then the lowest of all.
    mutating func removeFirst(_ count: Int, after port: UInt16) -> PortRanges {
        var high = self
        high.subtract(PortRanges(ranges: [0...port]))
        subtract(high)
        var taken = high.removeFirst(count)
        taken.formUnion(removeFirst(count - taken.count))
        formUnion(high)
        return taken
    }

    /// Takes out the lowest ports: `count` of them, or all if there are fewer.
    mutating func removeFirst(_ count: Int) -> PortRanges {
        var taken = PortRanges()
        while let range = ranges.first, taken.count < count {
            let wanted = count - taken.count
            ranges.removeFirst()
            guard wanted < range.count else {
                taken.ranges.append(range)
                continue
            }
            let cut = range.lowerBound + UInt16(wanted)
            taken.ranges.append(range.lowerBound...cut - 1)
            ranges.insert(cut...range.upperBound, at: 0)
        }
        return taken
    }
}
