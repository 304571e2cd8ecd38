import MesosProtocol
import Testing

@testable import MesosFramework

@Suite struct OfferMatcherTests {
    private let matcher = OfferMatcher()

    @Test func severalContainersShareAnOffer() {
        let match = matcher.match(
            [.of(1, cpus: 1), .of(0, cpus: 0.5), .of(2, cpus: 1)],
            [.of("o", agent: "a", cpus: 2.5)]
        )
        #expect(match.launches.map { $0.placements.map(\.container) } == [[0, 1, 2]])
        #expect(match.launches.map { $0.offers.map(\.value) } == [["o"]])
        #expect(match.unused == [] && match.reasons == [:])
    }

    @Test func offersOfAnAgentAreUsedTogether() throws {
        let match = matcher.match(
            [.of(1, cpus: 3)],
            [.of("o1", agent: "a", cpus: 2), .of("o2", agent: "a", cpus: 1.5)]
        )
        #expect(match.launches.map { $0.offers.map(\.value) } == [["o1", "o2"]])
        let placement = try #require(match.placement(of: 1))
        #expect(placement.resources.summary == "cpus:3")
        #expect(placement.hostname == "a.example.org")
    }

    @Test func anOfferThatIsNotNeededIsLeft() {
        let match = matcher.match([.of(1, cpus: 2)], [.of("o1", agent: "a", cpus: 2), .of("o2", agent: "a", cpus: 2)])
        #expect(match.launches.map { $0.offers.map(\.value) } == [["o1"]])
        #expect(match.unused.map(\.value) == ["o2"])
    }

    @Test func offersOfOtherRolesOrAgentsAreNot() {
        let offers: [MesosOffer] = [
            .of("o1", agent: "a", role: "x", [.scalar("cpus", 1)]),
            .of("o2", agent: "a", role: "y", [.scalar("cpus", 1.5)]),
            .of("o3", agent: "b", role: "x", [.scalar("cpus", 1)]),
        ]
        let match = matcher.match([.of(1, cpus: 2)], offers)
        #expect(match.launches == [])
        #expect(match.unused.map(\.value) == ["o1", "o2", "o3"])
        let lack = Unused.lacks(resource: "cpus", wanted: "2", offered: "1")
        #expect(match.reasons == [1: ["a": lack, "b": lack]])
    }

    @Test func reservedResourcesGoFirst() throws {
        let offer = MesosOffer.of(
            "o",
            agent: "a",
            role: "web/ads",
            [
                .scalar("cpus", 2), .scalar("cpus", 1, reservedFor: "web"),
                .scalar("cpus", 0.5, reservedFor: "web", "web/ads"), .ports([(1000, 1003)]),
                .ports([(2000, 2001)], reservedFor: "web"),
            ]
        )
        let placement = try #require(matcher.match([.of(1, cpus: 2, ports: 3)], [offer]).placement(of: 1))
        #expect(
            placement.resources.summary
                == "cpus(web/ads):0.5; cpus(web):1; cpus:0.5; ports(web):[2000-2001]; ports:[1000-1000]"
        )
        #expect(placement.ports == [1000, 2000, 2001])
        #expect(placement.resources.allSatisfy { $0.allocationInfo.role == "web/ads" })
        #expect(placement.resources[1].reservations == offer.resources[1].reservations)
    }

    @Test func theOlderFormOfReservationsCounts() throws {
        var reserved = MesosResource.scalar("cpus", 1)
        reserved.role = "web"
        var free = MesosResource.scalar("cpus", 4)
        free.role = "*"
        let match = matcher.match([.of(1, cpus: 2)], [.of("o", agent: "a", [free, reserved])])
        #expect(try #require(match.placement(of: 1)).resources.summary == "cpus(web):1; cpus:1")
    }

    @Test func whatAContainerCannotHaveIsLeft() {
        var revocable = MesosResource.scalar("cpus", 8)
        revocable.revocable = .init()
        var shared = MesosResource.scalar("disk", 8)
        shared.shared = .init()
        var volume = MesosResource.scalar("disk", 8, reservedFor: "web")
        volume.disk.persistence.id = "v"
        var mount = MesosResource.scalar("disk", 8)
        mount.disk.source.type = .mount
        let resources = [revocable, shared, volume, mount, .scalar("cpus", 1), .scalar("disk", 1)]
        let offer = MesosOffer.of("o", agent: "a", resources)
        #expect(
            matcher.match([.of(1, cpus: 2)], [offer]).reasons
                == [1: ["a": .lacks(resource: "cpus", wanted: "2", offered: "1")]]
        )
        #expect(
            matcher.match([.of(1, disk: 2)], [offer]).reasons
                == [1: ["a": .lacks(resource: "disk", wanted: "2", offered: "1")]]
        )
        #expect(matcher.match([.of(1, cpus: 1, disk: 1)], [offer]).places == [1: "a"])
    }

    @Test func unknownFieldsSurvive() throws {
        // Field 12, the id of a resource provider: a message with the string "rp" as its field 1.
        let bytes: [UInt8] = try MesosResource.scalar("cpus", 4).serializedBytes() + [0x62, 4, 0x0a, 2, 0x72, 0x70]
        let provided = try MesosResource(serializedBytes: bytes)
        let offer = MesosOffer.of("o", agent: "a", [.scalar("cpus", 1), provided])
        let resources = try #require(matcher.match([.of(1, cpus: 3)], [offer]).placement(of: 1)).resources
        #expect(resources.map(\.thousandths) == [1000, 2000])
        #expect(resources[1].unknownFields == provided.unknownFields)
        #expect(resources[0].unknownFields != provided.unknownFields)
    }

    @Test func sumsAreExact() {
        let tenths = (0..<10).map { _ in MesosResource.scalar("cpus", 0.1) }
        #expect(matcher.match([.of(1, cpus: 1)], [.of("o", agent: "a", tenths)]).places == [1: "a"])
        let needs = (1...10).map { ContainerNeed.of($0, cpus: 0.1) }
        #expect(matcher.match(needs, [.of("o", agent: "a", [.scalar("cpus", 1)])]).places.count == 10)
    }

    @Test func containersSpread() {
        let offers: [MesosOffer] = ["a", "b", "c"].map { .of("o-\($0)", agent: $0, cpus: 4) }
        let match = matcher.match(
            [.of(1, cpus: 1), .of(2, cpus: 1), .of(3, cpus: 1)],
            offers,
            running: ["a": 2, "c": 1]
        )
        #expect(match.places == [1: "b", 2: "b", 3: "c"])
    }

    @Test func containersGoTogetherWhereSpreadingCostsAPlace() {
        let offers: [MesosOffer] = [.of("o1", agent: "a", cpus: 2), .of("o2", agent: "b", cpus: 3)]
        let needs: [ContainerNeed] = [.of(1, cpus: 1.5), .of(2, cpus: 1.5), .of(3, cpus: 2)]
        #expect(matcher.match(needs, offers, running: ["a": 1]).places == [1: "b", 2: "b", 3: "a"])
        #expect(matcher.match(Array(needs.dropLast()), offers, running: ["a": 1]).places == [1: "b", 2: "a"])
    }

    @Test func agentsThatLeaveAreUsedLast() {
        var leaving = MesosOffer.of("o1", agent: "a", cpus: 4)
        leaving.unavailability.start.nanoseconds = 5_000_000_000
        let offers: [MesosOffer] = [leaving, .of("o2", agent: "b", cpus: 1)]
        let needs: [ContainerNeed] = [.of(1, cpus: 1), .of(2, cpus: 1)]
        let match = matcher.match(needs, offers, running: ["b": 7], maintenanceBefore: 5_001)
        #expect(match.places == [1: "b", 2: "a"])
        #expect(matcher.match(needs, offers, running: ["b": 7], maintenanceBefore: 5_000).places == [1: "a", 2: "a"])
    }

    @Test func everyAgentLeavesAReason() {
        let offers: [MesosOffer] = [
            .of("o1", agent: "a", cpus: 1.5), .of("o2", agent: "b", cpus: 4), .of("o3", agent: "c", cpus: 2.25),
        ]
        let needs: [ContainerNeed] = [.of(1, cpus: 2), .of(2, cpus: 2.25)]
        let match = matcher.match(needs, offers) { container, agent in agent == "b" }
        #expect(match.places == [2: "c"])
        let reasons = [
            "a": Unused.lacks(resource: "cpus", wanted: "2", offered: "1.5"), "b": .avoided, "c": .takenByOthers,
        ]
        #expect(match.reasons == [1: reasons])
        #expect(
            reasons.sorted { $0.key < $1.key }.map(\.value.description) == [
                "lacks 0.5 cpus (needs 2, offered 1.5)", "is avoided, because the container keeps failing there",
                "had room, which other containers took",
            ]
        )
        #expect(matcher.match(needs, []).reasons == [1: [:], 2: [:]])
    }

    @Test(arguments: [
        ("mem", "lacks 0.001 MB of memory (needs 2, offered 1.999)"),
        ("disk", "lacks 0.001 MB of disk (needs 2, offered 1.999)"),
    ]) func amountsHaveUnits(_ resource: String, _ text: String) {
        #expect(Unused.lacks(resource: resource, wanted: "2", offered: "1.999").description == text)
    }

    @Test func portsAreCounted() {
        let offer = MesosOffer.of("o", agent: "a", [.ports([(31000, 31001)])])
        let reasons = matcher.match([.of(1, ports: 3), .of(2, ports: 5)], [offer]).reasons
        #expect(reasons[1]?["a"]?.description == "lacks 1 port (needs 3, offered 2)")
        #expect(reasons[2]?["a"]?.description == "lacks 3 ports (needs 5, offered 2)")
    }

    @Test func malformedOffersDoNoHarm() throws {
        let strange: [MesosResource] = [
            .scalar("cpus", .nan), .scalar("cpus", -4), .scalar("cpus", .infinity), .scalar("cpus", 1e300),
            .scalar("mem", 0.0004), .ports([(9, 3), (0, 2), (65534, .max), (1, 1), (70000, 80000)]),
            .ports([(2, 2), (65535, 65535)], reservedFor: "web"), .ports([]),
            .with {
                $0.name = "ports"
                $0.type = .set
                $0.set.item = ["80"]
            },
            .with {
                $0.name = "cpus"
                $0.type = .ranges
            },
        ]
        let offer = MesosOffer.of("o", agent: "a", strange)
        let match = matcher.match([.of(1, cpus: 1, ports: 4)], [offer, offer])
        let placement = try #require(match.placement(of: 1))
        #expect(placement.ports == [1, 2, 65534, 65535])
        #expect(
            placement.resources.summary == "cpus:1; ports(web):[2-2, 65535-65535]; ports:[1-1, 65534-65534]"
        )
        #expect(match.launches.map { $0.offers.map(\.value) } == [["o"]])
        #expect(matcher.match([.of(1, memory: 1)], [offer]).places == [:])
    }
}
