import HeronModel
import Testing

@testable import Packing

@Suite struct TopologySettingsTests {
    @Test func defaults() throws {
        let settings = try TopologySettings(makeTopology(spouts: ["a": 2], bolts: ["b": 3]))
        #expect(settings.instanceCount == 5)
        #expect(settings.containers == 1)
        #expect(settings.reliabilityMode == .atMostOnce)
        #expect(settings.containerRAM == nil)
        #expect(settings.paddingPercentage == 10)
        #expect(settings.maxInstancesPerContainer == 10)
        #expect(settings.sortingStrategy == .ramFirst)
        #expect(settings.streamManagerRAM == 1 << 30)
        #expect(settings.checkpointManagerRAM == 0)
    }

    @Test func effectivelyOnceNeedsACheckpointManager() throws {
        let topology: Topology = makeTopology(settings: ["topology.reliability.mode": "EFFECTIVELY_ONCE"])
        #expect(try TopologySettings(topology).checkpointManagerRAM == 1 << 30)
    }

    @Test func componentMaps() throws {
        let settings = try TopologySettings(
            makeTopology(
                spouts: ["a": 1],
                bolts: ["b": 1],
                settings: [
                    "topology.component.rammap": "a:1024, ,b:5,a:2048",
                    "topology.component.cpumap": "b:0.5",
                    "topology.component.diskmap": "",
                ]
            )
        )
        #expect(settings.componentRAM == ["a": 2048, "b": 5])
        #expect(settings.componentCPU == ["b": 0.5])
        #expect(settings.componentDisk.isEmpty)
    }

    @Test func theFirstOfTwoEqualKeysCounts() throws {
        let topology: Topology = makeTopology(settings: ["topology.stmgrs": "2", "topology.stmgrs": "1"])
        #expect(try TopologySettings(topology).containers == 2)
    }

    @Test(
        arguments: [
            ("topology.stmgrs", "two", "a whole number from 1 to 2147483647"),
            ("topology.stmgrs", "0", "a whole number from 1 to 2147483647"),
            ("topology.stmgrs", "", "a whole number from 1 to 2147483647"),
            ("topology.container.ram", "1GB", "a whole number from 0 to 17592186044416"),
            ("topology.container.ram", "-1", "a whole number from 0 to 17592186044416"),
            ("topology.container.disk", "9223372036854775807", "a whole number from 0 to 17592186044416"),
            ("topology.container.cpu", "nan", "a number of cores from 0 to 1000000"),
            ("topology.container.cpu", "many", "a number of cores from 0 to 1000000"),
            ("topology.container.cpu.padding", "-0.5", "a number of cores from 0 to 1000000"),
            ("topology.component.rammap", "spout:x", "a whole number from 0 to 17592186044416"),
            ("topology.component.cpumap", "spout:inf", "a number of cores from 0 to 1000000"),
            ("topology.reliability.mode", "SOMETIMES", "ATMOST_ONCE or ATLEAST_ONCE or EFFECTIVELY_ONCE"),
            ("topology.packing.ffd.sorting.strategy", "DISK_FIRST", "RAM_FIRST or CPU_FIRST"),
        ]
    )
    func badValues(key: String, value: String, expected: String) throws {
        let error: PackingError? = #expect(throws: PackingError.self) {
            try TopologySettings(makeTopology(settings: [key: value]))
        }
        let shown: Substring = value.split(separator: ":").last ?? ""
        #expect(error?.description == "topology 'test': \(key) is '\(shown)', expected \(expected)")
    }

    @Test func badComponentMaps() {
        let key = "topology.component.rammap"
        for (value, error) in [
            ("spout", PackingError.malformedComponentMap(key: key, entry: "spout")),
            ("spout:1:2", .malformedComponentMap(key: key, entry: "spout:1:2")),
            ("bolt:1", .unknownComponent(key: key, component: "bolt")),
        ] {
            #expect(throws: error) { try TopologySettings(makeTopology(settings: [key: value])) }
        }
    }

    @Test func serializedObjectsAreNotText() {
        var topology: Topology = makeTopology(settings: ["topology.stmgrs": "1"])
        topology.topologyConfig.kvs[0].clearValue()
        #expect(throws: PackingError.serializedSetting(owner: "topology 'test'", key: "topology.stmgrs")) {
            try TopologySettings(topology)
        }
    }

    @Test func parallelism() {
        #expect(throws: PackingError.self) { try TopologySettings(makeTopology(spouts: ["a": 0])) }
        #expect(throws: PackingError.tooManyInstances(count: 100_001, maximum: 100_000)) {
            try TopologySettings(makeTopology(spouts: ["a": 100_000], bolts: ["b": 1]))
        }
        #expect(throws: PackingError.noComponents) { try TopologySettings(Topology()) }

        var silent: Topology = makeTopology(spouts: ["a": 1])
        silent.spouts[0].comp.config.kvs = []
        #expect(throws: PackingError.missingParallelism(component: "a")) { try TopologySettings(silent) }
    }
}
