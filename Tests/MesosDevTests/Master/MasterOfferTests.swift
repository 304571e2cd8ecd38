import MesosProtocol
import Testing

@testable import MesosDevMaster

@Suite struct MasterOfferTests {
    @Test("a declined agent is hidden until the filter ends, or more is free than was refused")
    func filters() {
        var harness = CoreHarness()
        let agent = harness.agent()
        let id = harness.subscribe("s")
        var offers = harness.offers("s")
        #expect(offers.count == 1)
        var decline = MesosCall.Decline()
        decline.offerIds = offers.map(\.id)
        decline.filters.refuseSeconds = 3
        harness.change { $0.decline(id, decline) }
        harness.wait(2)
        #expect(harness.offers("s").isEmpty)
        harness.wait(1.5)
        offers = harness.offers("s")
        #expect(offers.count == 1)
        harness.launch("t", id, on: offers[0], refuse: 100)
        harness.wait(1)
        #expect(harness.offers("s").isEmpty)
        harness.runs("t", id, on: agent, .taskFinished)
        harness.wait(1)
        offers = harness.offers("s")
        #expect(offers.first.map { ResourceSet($0.resources).thousandths("cpus") } == 8000)
    }

    @Test("suppressed roles get nothing, a revived one gets its offers at once")
    func suppress() {
        var harness = CoreHarness()
        _ = harness.agent()
        let id = harness.subscribe("s")
        var decline = MesosCall.Decline()
        decline.offerIds = harness.offers("s").map(\.id)
        harness.change { $0.decline(id, decline) }
        harness.change { $0.suppress(id, []) }
        harness.wait(10)
        #expect(harness.offers("s").isEmpty)
        harness.change { $0.revive(id, ["unknown"]) }
        #expect(harness.offers("s").isEmpty)
        harness.change { $0.revive(id, []) }
        #expect(harness.offers("s").count == 1)
    }

    @Test("an offer that is held for too long is rescinded")
    func timeout() {
        var harness = CoreHarness { $0.offerTimeout = 4 }
        _ = harness.agent()
        harness.subscribe("s")
        let offer = harness.offers("s")[0]
        harness.wait(5)
        let events = harness.take("s")
        #expect(events.map(\.type) == [.rescind, .offers])
        #expect(events[0].rescind.offerID == offer.id)
    }

    @Test("two frameworks share the agents")
    func sharing() {
        var harness = CoreHarness()
        harness.subscribe("a")
        harness.subscribe("b")
        for name in ["x", "y", "z", "w"] { _ = harness.agent(name) }
        #expect(harness.offers("a").count == 2)
        #expect(harness.offers("b").count == 2)
    }

    @Test("reserved resources go to their role, in the format that the framework reads")
    func reservations() {
        var harness = CoreHarness()
        _ = harness.agent("h", "cpus(web):2;cpus:6;mem:1024")
        harness.subscribe("other")
        #expect(harness.offers("other").flatMap(\.resources).allSatisfy { $0.role == "*" })
        harness.subscribe("web", roles: ["web"]) {
            $0.capabilities.append(.with { $0.type = .reservationRefinement })
        }
        let resources = harness.offers("web").flatMap(\.resources)
        #expect(resources.map(\.name) == ["cpus"])
        #expect(resources[0].reservations.map(\.role) == ["web"])
        #expect(!resources[0].hasRole)
        #expect(resources[0].allocationInfo.role == "web")
    }
}
