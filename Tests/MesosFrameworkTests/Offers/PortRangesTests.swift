import MesosProtocol
import Testing

@testable import MesosFramework

@Suite struct PortRangesTests {
    /// Against sets of numbers.
    @Test(arguments: UInt64(1)...150) func behavesLikeASet(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (left, right) = (PortRangesTests.ranges(&random), PortRangesTests.ranges(&random))
        let (leftSet, rightSet) = (Set(left.ports), Set(right.ports))
        #expect(left.ports == leftSet.sorted())
        #expect(left.count == leftSet.count)

        var union = left
        union.formUnion(right)
        #expect(union.ports == leftSet.union(rightSet).sorted())

        left.subtract(right)
        #expect(left.ports == leftSet.subtracting(rightSet).sorted())

        let wanted = Int(random.number(0...40))
        let taken = right.removeFirst(wanted)
        #expect(taken.ports == Array(rightSet.sorted().prefix(wanted)))
        #expect(right.ports == Array(rightSet.sorted().dropFirst(wanted)))
    }

    @Test func reachesBothEnds() {
        var all = PortRanges([.with { ($0.begin, $0.end) = (0, .max) }])
        #expect(all.count == 65535)
        all.subtract(PortRanges([.with { ($0.begin, $0.end) = (2, 65535) }]))
        #expect(all.ports == [1])
        #expect(all.message.map(\.begin) == [1])
    }

    private static func ranges(_ random: inout SeededRandom) -> PortRanges {
        PortRanges(
            (0..<random.number(0...6)).map { _ in
                let begin = UInt64(random.number(1...60))
                return .with { ($0.begin, $0.end) = (begin, begin + UInt64(random.number(0...9))) }
            }
        )
    }
}
