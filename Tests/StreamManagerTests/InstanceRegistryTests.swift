import HeronModel
import Testing

@testable import StreamManagerCore

@Suite struct InstanceRegistryTests {
    /// Something that a connection can be told from.
    private final class Connection {
        var id: ObjectIdentifier { ObjectIdentifier(self) }
    }

    private let first = Connection()
    private let second = Connection()
    private var registry = InstanceRegistry(
        topologyName: Fixture.name,
        topologyID: Fixture.id,
        instanceIDs: ["container_1_words_1", "container_1_counted_6"]
    )

    private func request(
        _ component: String = "words",
        _ task: Int32 = 1,
        topology: String = Fixture.name,
        id: String = Fixture.id
    ) -> Heron_Proto_Stmgr_RegisterInstanceRequest {
        var request = Heron_Proto_Stmgr_RegisterInstanceRequest()
        request.instance = Fixture.instance(component, task)
        request.topologyName = topology
        request.topologyID = id
        return request
    }

    @Test mutating func isCompleteWhenEveryInstanceHasRegistered() {
        #expect(registry.missing == ["container_1_counted_6", "container_1_words_1"])
        #expect(registry.register(request("counted", 6), on: first.id) == .accepted)
        #expect(!registry.isComplete)
        #expect(registry.register(request(), on: second.id) == .accepted)
        #expect(registry.isComplete)
        #expect(registry.known.map(\.info.taskID) == [1, 6])
        #expect(registry.task(of: first.id) == 6)
        #expect(registry.task(of: second.id) == 1)
    }

    @Test mutating func staysCompleteWhenAnInstanceDies() {
        _ = registry.register(request("counted", 6), on: first.id)
        _ = registry.register(request(), on: second.id)
        #expect(registry.disconnected(first.id) == 6)
        #expect(registry.isComplete)
        #expect(registry.task(of: first.id) == nil)
        #expect(registry.register(request("counted", 6), on: first.id) == .accepted)
    }

    @Test mutating func refusesStrangersWithoutHarmToTheRightOne() {
        #expect(registry.register(request(), on: first.id) == .accepted)
        for stranger in [
            request(topology: "Other"), request(id: "Words-0"), request("words", 2), request("counted", 1),
        ] {
            guard case .refused(let reason) = registry.register(stranger, on: second.id) else {
                Issue.record("accepted \(stranger)")
                continue
            }
            #expect(!reason.isEmpty)
        }
        #expect(registry.task(of: first.id) == 1)
        // The refused connection stays and may try again.
        #expect(registry.register(request("counted", 6), on: second.id) == .accepted)
    }

    @Test mutating func aTaskThatIsConnectedIsRefusedInFavourOfTheNextTry() {
        #expect(registry.register(request(), on: first.id) == .accepted)
        guard case .refusedClosingOther = registry.register(request(), on: second.id) else {
            Issue.record("accepted a second connection")
            return
        }
        registry.disconnected(first.id)
        #expect(registry.register(request(), on: second.id) == .accepted)
    }

    @Test mutating func aConnectionMayRepeatItsRegistrationButNotChangeIt() {
        #expect(registry.register(request(), on: first.id) == .accepted)
        #expect(registry.register(request(), on: first.id) == .accepted)
        guard case .refused = registry.register(request("counted", 6), on: first.id) else {
            Issue.record("accepted a second task on one connection")
            return
        }
    }
}

@Suite struct PlanHydrationTests {
    private func entry(_ key: String, _ value: String) -> TopologyConfig.KeyValue {
        var entry = TopologyConfig.KeyValue()
        entry.key = key
        entry.value = value
        return entry
    }

    @Test func takesObjectsFromTheFileAndStateAndRuntimeValuesFromThePlan() {
        var definition = Fixture.topology()
        definition.spouts[0].comp.serializedObject = .init([1, 2, 3])
        definition.topologyConfig.kvs = [entry("a", "file"), entry("b:runtime", "file")]
        var plan = Fixture.plan()
        plan.topology.state = .paused
        plan.topology.topologyConfig.kvs = [entry("a", "plan"), entry("b:runtime", "plan"), entry("c:runtime", "plan")]
        plan.topology.bolts[0].comp.config.kvs = [entry("d:runtime", "plan"), entry("e", "plan")]
        let hydrated = PlanHydration.hydrate(plan, with: definition)
        #expect(hydrated.topology.state == .paused)
        #expect(hydrated.topology.spouts[0].comp.serializedObject == .init([1, 2, 3]))
        let config = hydrated.topology.topologyConfig.kvs
        #expect(config.map(\.key) == ["a", "b:runtime", "c:runtime"])
        #expect(config.map(\.value) == ["file", "plan", "plan"])
        #expect(hydrated.topology.bolts[0].comp.config.kvs.map(\.key) == ["d:runtime"])
        #expect(hydrated.instances == plan.instances)
    }
}
