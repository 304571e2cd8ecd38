import HeronModel
import Testing

@testable import Packing

@Suite struct TopologyValidatorTests {
    @Test func validTopologies() {
        #expect(TopologyValidator.violations(in: makeTopology(bolts: ["b": 1])) == [])
    }

    @Test func cyclesAreAllowed() {
        var topology: Topology = makeTopology(bolts: ["b": 1])
        topology.bolts[0].outputs = topology.spouts[0].outputs
        topology.bolts[0].outputs[0].stream.componentName = "b"
        topology.bolts[0].inputs.append(makeInput("b"))
        #expect(TopologyValidator.violations(in: topology) == [])
    }

    @Test(
        arguments: [
            ("", ["it is empty"]),
            ("../x", ["it contains '.'", "it contains '/'"]),
            ("a/b", ["it contains '/'"]),
            ("a\u{7}b", ["it contains a control character"]),
            ("a\nb", ["it contains a control character"]),
            (String(repeating: "n", count: 300), ["it has 300 bytes, at most 200 are allowed"]),
            ("My Top-1_ü", []),
        ]
    )
    func names(_ name: String, _ expected: [String]) {
        #expect(TopologyValidator.nameViolations(name) == expected)
    }

    @Test func everyViolationIsReported() {
        var topology: Topology = makeTopology(
            name: "a.b",
            spouts: ["spout": 0, "x,y:z/\u{1B}": 1],
            bolts: ["spout": 1, "b": 1]
        )
        topology.bolts[1].inputs = [makeInput("nobody"), makeInput("spout", stream: "other")]
        #expect(
            TopologyValidator.violations(in: topology) == [
                "invalid topology name 'a.b': it contains '.'",
                "component 'spout': topology.component.parallelism is '0', expected a whole number from 1 to 100000",
                "invalid component name 'x,y:z/\\u{1B}': it contains ','",
                "invalid component name 'x,y:z/\\u{1B}': it contains ':'",
                "invalid component name 'x,y:z/\\u{1B}': it contains '/'",
                "invalid component name 'x,y:z/\\u{1B}': it contains a control character",
                "component name 'spout' is used more than once; names must be unique",
                "bolt 'b' reads stream 'default' of 'nobody', but there is no component 'nobody'",
                "bolt 'b' reads stream 'other' of 'spout', but 'spout' declares no such output",
            ]
        )
        #expect(throws: InvalidTopology.self) { try TopologyValidator.validate(topology) }
    }

    @Test func settingsAreCheckedToo() {
        let topology: Topology = makeTopology(settings: ["topology.component.cpumap": "nobody:1"])
        #expect(
            TopologyValidator.violations(in: topology)
                == ["topology.component.cpumap names 'nobody', which is no component of the topology"]
        )
    }
}
