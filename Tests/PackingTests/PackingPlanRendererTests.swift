import HeronModel
import Testing

@testable import Packing

@Suite struct PackingPlanRendererTests {
    private let renderer: PackingPlanRenderer

    init() throws {
        let topology: Topology = makeTopology(name: "Word \"Count\"", spouts: ["word": 1], bolts: ["b": 1])
        let plan = try RoundRobinPacking(topology: topology, settings: .standard).pack { _ in }
        renderer = PackingPlanRenderer(plan, topologyName: topology.name, algorithm: RoundRobinPacking.className)
    }

    @Test func raw() {
        #expect(
            renderer.render(.raw) == """
                Topology: Word "Count"
                Packing algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
                Containers: 1
                Container 1: 3.0 cores, 4096 MiB RAM, 14336 MiB disk
                  b task 1 index 0: 1.0 cores, 1024 MiB RAM, 1024 MiB disk
                  word task 2 index 0: 1.0 cores, 1024 MiB RAM, 1024 MiB disk

                """
        )
    }

    @Test func table() {
        #expect(
            renderer.render(.table) == """
                Topology: Word "Count"
                Packing algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
                Containers: 1

                Container 1
                component  task  index  cores  RAM (MiB)  disk (MiB)
                ---------  ----  -----  -----  ---------  ----------
                b             1      0    1.0       1024        1024
                word          2      0    1.0       1024        1024
                ---------  ----  -----  -----  ---------  ----------
                container                 3.0       4096       14336

                """
        )
    }

    @Test func coloredTableIsTheTableInColors() {
        let colored: String = renderer.render(.coloredTable)
        let plain: String = ["\u{1B}[0m", "\u{1B}[1m", "\u{1B}[36m"].reduce(colored) { text, code in
            text.split(separator: code, omittingEmptySubsequences: false).joined()
        }
        #expect(colored != plain)
        #expect(plain == renderer.render(.table))
    }

    @Test func jsonIsEscaped() {
        #expect(renderer.render(.json).hasPrefix(#"{"packingClass":"org.apache.heron.packing.roundrobin."#))
        #expect(renderer.render(.json).contains(#""topology":"Word \"Count\"","#))
    }
}
