import HeronModel
import Testing

@testable import Packing

@Suite(.enabled(if: Golden.folder != nil, "HERON_GOLDEN is not set: no data made by Heron to compare with"))
struct GoldenPackingTests {
    /// Where Heron refuses, and why we do. Heron's own messages: "Could not allocate all instances to packing plan",
    /// "Cannot add to that container", "No enough RAM to allocate for unspecified instances" (twice).
    static let refusals: [String: PackingError] = [
        "random09.FirstFitDecreasingPacking": .instanceTooLarge(
            component: "s0",
            resource: .cpu,
            needed: "3.0 cores",
            available: "2.0 cores"
        ),
        "random09.ResourceCompliantRRPacking": .instanceTooLarge(
            component: "s0",
            resource: .cpu,
            needed: "3.0 cores",
            available: "2.0 cores"
        ),
        "random35.RoundRobinPacking": .nothingLeft(container: 4, resource: .ram, instances: 1),
        "random36.RoundRobinPacking": .nothingLeft(container: 1, resource: .ram, instances: 5),
    ]

    @Test func thereIsSomethingToCompareWith() {
        #expect(Golden.packings.count >= 144)
        #expect(Golden.topologies.count >= 48)
    }

    @Test(arguments: Golden.packings)
    func agreesWithHeron(_ name: String) throws {
        let parts: [Substring] = name.split(separator: ".")
        let className: String = try #require(PackingAlgorithms.classNames.first { $0.hasSuffix(".\(parts[1])") })
        let topology: Topology = try Golden.topology(String(parts[0]))
        let expected: String = try Golden.packing(name)

        let algorithm = try PackingAlgorithms.named(className).init(topology: topology, settings: .standard)
        if expected.hasPrefix("{\"error\"") {
            let refusal: PackingError = try #require(GoldenPackingTests.refusals[name])
            #expect(throws: refusal) { try algorithm.pack { _ in } }
        } else {
            let plan: PackingPlan = try algorithm.pack { _ in }
            #expect(plan.id == topology.id)
            let renderer = PackingPlanRenderer(plan, topologyName: topology.name, algorithm: className)
            #expect(renderer.render(.json) == expected + "\n")
        }
    }

    @Test(arguments: Golden.topologies)
    func heronsTopologiesAreValid(_ name: String) throws {
        #expect(TopologyValidator.violations(in: try Golden.topology(name)) == [])
    }
}
