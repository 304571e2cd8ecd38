import MesosProtocol

/// A set of numbers as ranges, both ends included: what `ports` are. Ordered, without overlap, neighbours merged.
struct ResourceRanges: Hashable, Sendable, CustomStringConvertible {
    private(set) var ranges: [ClosedRange<UInt64>] = []

    init(_ ranges: some Sequence<ClosedRange<UInt64>> = []) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// How many numbers there are.
    var count: UInt64 { ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 } }

    func union(_ other: ResourceRanges) -> ResourceRanges { ResourceRanges(ranges + other.ranges) }

    func subtracting(_ other: ResourceRanges) -> ResourceRanges {
        ResourceRanges(other.ranges.reduce(ranges) { rest, hole in rest.flatMap { Self.cut(hole, from: $0) } })
    }

    func isSubset(of other: ResourceRanges) -> Bool {
        ranges.allSatisfy { range in
            other.ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }
    }

    private static func cut(_ hole: ClosedRange<UInt64>, from range: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
        guard hole.overlaps(range) else { return [range] }
        var rest: [ClosedRange<UInt64>] = []
        if range.lowerBound < hole.lowerBound { rest.append(range.lowerBound...(hole.lowerBound - 1)) }
        if hole.upperBound < range.upperBound { rest.append((hole.upperBound + 1)...range.upperBound) }
        return rest
    }

    var description: String {
        "[" + ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ") + "]"
    }
}
