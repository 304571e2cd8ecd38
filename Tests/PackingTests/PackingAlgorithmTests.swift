import HeronModel
import Testing

@testable import Packing

@Suite struct PackingAlgorithmTests {
    @Test func oldAndNewClassNames() throws {
        for name in PackingAlgorithms.classNames {
            let older: String = "com.twitter.heron." + name.dropFirst("org.apache.heron.".count)
            #expect(try PackingAlgorithms.named(name).className == name)
            #expect(try PackingAlgorithms.named(older).className == name)
        }
    }

    @Test func unknownClassNamesAreRefusedWithTheKnownOnes() {
        let error: PackingError? = #expect(throws: PackingError.self) { try PackingAlgorithms.named("a.b.Magic\n") }
        #expect(
            error?.description
                == "unknown packing algorithm 'a.b.Magic\\n' in heron.class.packing.algorithm; known are "
                + "org.apache.heron.packing.roundrobin.RoundRobinPacking, "
                + "org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking, "
                + "org.apache.heron.packing.binpacking.FirstFitDecreasingPacking"
        )
    }

    @Test func instanceDefaultsAreChecked() {
        #expect(throws: PackingError.self) {
            try PackingSettings(instanceCPU: .nan, instanceRAM: 1, instanceDisk: 1)
        }
        #expect(throws: PackingError.self) {
            try PackingSettings(instanceCPU: 1, instanceRAM: .max, instanceDisk: 1)
        }
    }

    @Test func instanceDefaultsCount() throws {
        let settings = try PackingSettings(instanceCPU: 2, instanceRAM: 2 << 30, instanceDisk: 3 << 30)
        for name in PackingAlgorithms.classNames {
            let algorithm = try PackingAlgorithms.named(name).init(topology: makeTopology(), settings: settings)
            let instance = try #require(try algorithm.pack { _ in }.containerPlans.first?.instancePlans.first)
            #expect(instance.resource.ram == 2 << 30)
            #expect(instance.resource.disk == 3 << 30)
            #expect(instance.resource.cpu == 2)
        }
    }

    @Test func moreContainersThanInstances() throws {
        let topology: Topology = makeTopology(spouts: ["a": 2], settings: ["topology.stmgrs": "3"])
        let roundRobin = try RoundRobinPacking(topology: topology, settings: .standard)
        #expect(throws: PackingError.moreContainersThanInstances(containers: 3, instances: 2)) {
            try roundRobin.pack { _ in }
        }

        var warnings: [String] = []
        let compliant = try ResourceCompliantRRPacking(topology: topology, settings: .standard)
        #expect(try compliant.pack { warnings.append($0) }.containerPlans.count == 2)
        #expect(warnings == ["topology.stmgrs asks for 3 containers; 2 are used, one for each instance"])
    }

    @Test func claimsBeyondTheContainer() throws {
        let topology: Topology = makeTopology(
            spouts: ["a": 1],
            settings: ["topology.container.ram": "1073741824", "topology.component.rammap": "a:2147483648"]
        )
        let error: PackingError? = #expect(throws: PackingError.self) {
            try RoundRobinPacking(topology: topology, settings: .standard).pack { _ in }
        }
        #expect(
            error?.description
                == "the instances in container 1 need 2048 MiB of RAM, more than the 1024 MiB that "
                + "topology.container.ram allows; raise it, or lower topology.component.rammap"
        )
    }

    @Test func claimsThatLeaveNoPaddingAreAWarning() throws {
        let topology: Topology = makeTopology(
            spouts: ["a": 1],
            settings: ["topology.container.ram": "3221225472", "topology.component.rammap": "a:2147483648"]
        )
        var warnings: [String] = []
        let plan = try RoundRobinPacking(topology: topology, settings: .standard).pack { warnings.append($0) }
        #expect(warnings.count == 1)
        #expect(plan.containerPlans[0].requiredResource.ram == 3 << 30)
    }

    @Test func tinyInstances() throws {
        let topology: Topology = makeTopology(spouts: ["a": 1], settings: ["topology.component.rammap": "a:1048576"])
        for (name, minimum) in zip(PackingAlgorithms.classNames, ["16 MiB", "192 MiB", "192 MiB"]) {
            let algorithm = try PackingAlgorithms.named(name).init(topology: topology, settings: .standard)
            let error = PackingError.instanceTooSmall(
                component: "a",
                resource: .ram,
                given: "1 MiB",
                minimum: minimum
            )
            #expect(throws: error) { try algorithm.pack { _ in } }
        }
    }

    @Test func theLargestTopologyThatIsAllowed() throws {
        let topology: Topology = makeTopology(
            spouts: ["a": 50_000],
            bolts: ["b": 50_000],
            settings: ["topology.component.rammap": "a:17592186044416,b:17592186044416", "topology.stmgrs": "1"]
        )
        let plan = try RoundRobinPacking(topology: topology, settings: .standard).pack { _ in }
        #expect(plan.containerPlans[0].instancePlans.map(\.taskID) == Array(1...100_000))
    }

    @Test func hashOrderOfManyComponents() {
        // Sixteen buckets hold twelve names, thirty-two the thirteenth: "c0" has hash 3117, bucket 13 of 32.
        let names: [String] = (0..<13).map { "c\($0)" }
        let order = names.map { ComponentParallelism(component: $0, instances: 1) }.inJavaHashOrder()
        #expect(
            order.map(\.component)
                == ["c11", "c10", "c12", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"]
        )
    }
}
