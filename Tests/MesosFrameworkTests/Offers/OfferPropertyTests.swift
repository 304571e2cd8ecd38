import MesosProtocol
import Testing

@testable import MesosFramework

/// What holds for every match, whatever is offered and needed.
@Suite struct OfferPropertyTests {
    @Test(arguments: UInt64(1)...150) func nothingIsTakenThatWasNotOffered(_ seed: UInt64) {
        let scene = Scene(seed: seed)
        for launch in scene.match().launches {
            let offers = scene.offers.filter { launch.offers.contains($0.id) }
            #expect(offers.count == launch.offers.count && !offers.isEmpty)
            #expect(Set(offers.map(\.allocationInfo.role)).count == 1)
            #expect(Set(offers.map(\.agentID) + launch.placements.map(\.agent)).count == 1)
            let offered = OfferPropertyTests.quantities(offers.flatMap(\.resources))
            let taken = OfferPropertyTests.quantities(launch.placements.flatMap(\.resources))
            for (identity, quantity) in taken {
                #expect(identity.isPlain)
                #expect(quantity.amount <= offered[identity]?.amount ?? 0, "seed \(seed)")
                #expect(quantity.ports.isSubset(of: offered[identity]?.ports ?? []), "seed \(seed)")
            }
            let ports = launch.placements.flatMap(\.ports)
            #expect(Set(ports).count == ports.count, "seed \(seed)")
        }
    }

    @Test(arguments: UInt64(1)...150) func containersGetWhatTheyNeed(_ seed: UInt64) {
        let scene = Scene(seed: seed)
        for placement in scene.match().launches.flatMap(\.placements) {
            let need = scene.needs.first { $0.container == placement.container }
            let resources = placement.resources
            func sum(_ name: String) -> Int64 {
                resources.filter { $0.name == name }.reduce(0) { $0 + $1.thousandths }
            }
            #expect(sum("cpus") == need?.milliCPUs && sum("mem") == need?.milliMemory)
            #expect(sum("disk") == need?.milliDisk && placement.ports.count == need?.portCount)
            #expect(resources.allSatisfy { $0.type == .ranges || $0.scalar.value == Double($0.thousandths) / 1000 })
            let ports = resources.filter { $0.name == "ports" }.flatMap { PortRanges($0.ranges.range).ports }
            #expect(ports.sorted() == placement.ports)
            #expect(Set(resources.map(\.identity)).count == resources.count)
            #expect(!scene.isAvoided(placement.container, placement.agent.value))
        }
    }

    @Test(arguments: UInt64(1)...150) func everythingIsAccountedFor(_ seed: UInt64) {
        let scene = Scene(seed: seed)
        let match = scene.match()
        let placed = match.launches.flatMap(\.placements).map(\.container)
        #expect((placed + match.reasons.keys).sorted() == scene.needs.map(\.container).sorted(), "seed \(seed)")
        let agents = Set(scene.offers.map(\.agentID.value))
        for reasons in match.reasons.values { #expect(Set(reasons.keys) == agents) }
        let used = match.launches.flatMap(\.offers) + match.unused
        #expect(used.map(\.value).sorted() == scene.offers.map(\.id.value).sorted(), "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...150) func orderMakesNoDifference(_ seed: UInt64) {
        var scene = Scene(seed: seed)
        let match = scene.match()
        var random = SeededRandom(seed: seed + 1000)
        scene.offers.shuffle(using: &random)
        scene.needs.shuffle(using: &random)
        #expect(scene.match() == match, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...150) func spreadingCostsNoPlace(_ seed: UInt64) {
        let scene = Scene(seed: seed)
        let groups = OfferGroup.groups(of: scene.offers.sorted { $0.id.value < $1.id.value }, maintenanceBefore: 0)
        var firstFit = Assignment(groups: groups)
        for need in OfferMatcher.ordered(scene.needs, groups) {
            firstFit.place(need, running: nil, avoided: scene.isAvoided)
        }
        #expect(scene.match().reasons.count <= firstFit.unplaced.count, "seed \(seed)")
    }

    /// Those that are left fit into nothing that is left, taking both by what the launches say.
    @Test(arguments: UInt64(1)...150) func noRoomIsLeftForThoseWithoutAPlace(_ seed: UInt64) {
        let scene = Scene(seed: seed)
        let match = scene.match()
        for group in OfferGroup.groups(of: scene.offers, maintenanceBefore: 0) {
            var left = group.amounts
            for launch in match.launches where launch.placements.first?.agent == group.agent {
                let role = launch.placements.flatMap(\.resources).first?.allocationInfo.role
                guard role == group.role else { continue }
                for placement in launch.placements {
                    left -= Amounts(scene.need(placement.container))
                }
            }
            for container in match.reasons.keys where !scene.isAvoided(container, group.agent.value) {
                #expect(!left.covers(Amounts(scene.need(container))), "seed \(seed)")
            }
        }
    }

    private static func quantities(_ all: [MesosResource]) -> [MesosResource: (amount: Int64, ports: Set<UInt16>)] {
        var quantities: [MesosResource: (amount: Int64, ports: Set<UInt16>)] = [:]
        for resource in all {
            quantities[resource.identity, default: (0, [])].amount += resource.thousandths
            quantities[resource.identity]?.ports.formUnion(PortRanges(resource.ranges.range).ports)
        }
        return quantities
    }
}

/// Offers and needs made from a seed.
private struct Scene {
    var offers: [MesosOffer] = []
    var needs: [ContainerNeed] = []
    private var running: [String: Int] = [:]
    private var avoided: Set<Int64> = []

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for agent in 0..<random.number(0...5) {
            running["a\(agent)"] = Int(random.number(0...3))
            for _ in 0..<random.number(1...3) {
                let role = random.chance(0.8) ? "web" : "ads"
                let resources = (0..<random.number(1...9)).map { _ in Scene.resource(&random) }
                offers.append(.of("o\(random.next())", agent: "a\(agent)", role: role, resources))
            }
        }
        for container in 0..<Int32(random.number(1...10)) {
            let need = ContainerNeed(
                container: container,
                milliCPUs: random.number(1...3000),
                milliMemory: random.chance(0.5) ? random.number(1...2000) : 0,
                milliDisk: random.chance(0.3) ? random.number(1...2000) : 0,
                portCount: random.chance(0.5) ? Int(random.number(1...8)) : 0
            )
            needs.append(need)
            for agent in Int64(0)...5 where random.chance(0.1) { avoided.insert(Int64(container) * 10 + agent) }
        }
    }

    func isAvoided(_ container: Int32, _ agent: String) -> Bool {
        avoided.contains(Int64(container) * 10 + (Int64(agent.dropFirst()) ?? 0))
    }

    func need(_ container: Int32) -> ContainerNeed { needs.first { $0.container == container } ?? .of(container) }

    func match() -> Match { OfferMatcher().match(needs, offers, running: running, avoided: isAvoided) }

    private static func resource(_ random: inout SeededRandom) -> MesosResource {
        let roles: [[String]] = [[], [], ["web"], ["web", "web/ads"]]
        let names = ["cpus", "cpus", "mem", "disk", "ports", "ports", "gpus"]
        let name = names.randomElement(using: &random) ?? ""
        var resource: MesosResource
        if name == "ports" {
            resource = .ports(
                (0..<random.number(0...4)).map { _ in
                    let begin = UInt64(random.number(1...40))
                    return (begin, begin + UInt64(random.number(0...6)))
                }
            )
        } else {
            let odd: [Double] = [.nan, -1, 0, 0.0004, 0.0005]
            let usual = Double.random(in: 0...5, using: &random)
            resource = .scalar(name, random.chance(0.1) ? odd.randomElement(using: &random) ?? 0 : usual)
        }
        resource.reservations = (roles.randomElement(using: &random) ?? []).map { role in .with { $0.role = role } }
        if random.chance(0.05) { resource.revocable = .init() }
        if random.chance(0.05) { resource.disk.source.type = .mount }
        return resource
    }
}
