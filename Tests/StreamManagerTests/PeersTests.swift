import HeronModel
import HeronWire
import NIOCore
import Testing

@testable import StreamManagerCore

private typealias Registration = Heron_Proto_Tmanager_StMgrRegisterRequest
private typealias Start = Heron_Proto_Stmgr_StartBackPressureMessage
private typealias Stop = Heron_Proto_Stmgr_StopBackPressureMessage

@Suite(.timeLimit(.minutes(1))) struct PeersTests {
    private func entry(_ registration: Registration, _ bolt: String) -> PhysicalPlan {
        var plan = PhysicalPlan()
        plan.topology = Fixture.topology(bolts: [bolt])
        plan.stmgrs = [registration.stmgr]
        plan.instances = registration.instances
        return plan
    }

    /// Container 1 has the spout, container 2 a bolt; the first tuples are sent before the two have met.
    @Test func tuplesAndAcknowledgementsCrossContainers() async throws {
        let tmanager = try await FakeServer()
        let spoutInstance = Fixture.instance("words", 1, container: 1)
        let boltInstance = Fixture.instance("counted", 6, container: 2)
        let first = try await RunningStreamManager(container: 1, instances: [spoutInstance], bolts: ["counted"])
        let second = try await RunningStreamManager(container: 2, instances: [boltInstance], bolts: ["counted"])
        for manager in [first, second] { try await manager.topologyManagerMoved(to: tmanager.location) }
        let spout = try await FakeClient(port: first.ports.localData)
        let bolt = try await FakeClient(port: second.ports.localData)
        _ = try await spout.register(spoutInstance)
        _ = try await bolt.register(boltInstance)
        var plan = entry(try await tmanager.mailbox.next(Registration.self), "counted")
        let other = try await tmanager.mailbox.next(Registration.self)
        plan.stmgrs.append(other.stmgr)
        plan.instances += other.instances
        try await tmanager.broadcast(plan)
        _ = try await spout.mailbox.next(Heron_Proto_Stmgr_NewInstanceAssignmentMessage.self)

        let root = Root(task: 1, key: 42)
        for number in 0..<10 {
            let roots = number == 9 ? [root] : []
            try await spout.send(Fixture.set([Fixture.tuple(["a", "\(number)"], roots: roots)]))
        }
        var tuples: [DataTuple] = []
        while tuples.count < 10 {
            let set = try await bolt.mailbox.next(DeliveredSet.self)
            tuples += try set.data.tuples.map { try DataTuple(serializedBytes: $0) }
        }
        #expect(tuples.map { String(decoding: $0.values[1], as: UTF8.self) } == (0..<10).map(String.init))

        var ack = Heron_Proto_System_AckTuple()
        ack.roots = tuples[9].roots
        ack.ackedtuple = tuples[9].key
        var acks = TupleSetMessage()
        acks.control.acks = [ack]
        acks.srcTaskID = 6
        try await bolt.send(acks)
        let answer = try await spout.mailbox.next(DeliveredSet.self)
        #expect(answer.control.acks.map { $0.roots.map(\.key) } == [[42]])

        for client in [spout, bolt] { try await client.close() }
        for manager in [first, second] { try await manager.stop() }
        try await tmanager.close()
    }

    @Test func refusesPeersOfOtherTopologiesAndMessagesBeforeTheHello() async throws {
        let manager = try await RunningStreamManager(instances: [Fixture.instance("words", 1)])
        let peer = try await FakeClient(port: manager.ports.data)
        var hello = Heron_Proto_Stmgr_StrMgrHelloRequest()
        (hello.topologyName, hello.topologyID, hello.stmgr) = (Fixture.name, "Other-1", "stmgr-2")
        let refusal = try await peer.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
        #expect(refusal.status.status == .notok)
        hello.topologyID = Fixture.id
        let answer = try await peer.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
        #expect(answer.status.status == .ok)
        // A second one of the same id is refused at first; the old connection is closed then.
        let second = try await FakeClient(port: manager.ports.data)
        let duplicate = try await second.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
        #expect(duplicate.status.status == .notok)
        var start = Start()
        (start.topologyName, start.topologyID) = (Fixture.name, Fixture.id)
        (start.stmgr, start.messageID) = ("stmgr-3", "1")
        // On a new connection the hello would be welcome.
        let stranger = try await FakeClient(port: manager.ports.data, reconnectInterval: .hours(1))
        try await stranger.send(start)
        await #expect(throws: WireError.self) {
            while true {
                _ = try await stranger.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
            }
        }
        for client in [peer, second, stranger] { try await client.close() }
        try await manager.stop()
    }

    /// A bolt that does not read stops the spout before much is buffered; when it reads again everything arrives.
    @Test func aSlowBoltStopsTheSpoutWithinBounds() async throws {
        let tmanager = try await FakeServer()
        let peer = try await FakeServer()
        let instances = [Fixture.instance("words", 1), Fixture.instance("lowest", 11)]
        let high = 1 << 20
        let manager = try await RunningStreamManager(instances: instances, bolts: ["lowest"]) {
            $0.backPressure = BackPressure.Limits(high: high, low: high / 4)
        }
        try await manager.topologyManagerMoved(to: tmanager.location)
        let spout = try await FakeClient(port: manager.ports.localData)
        let bolt = try await FakeClient(port: manager.ports.localData)
        for (client, instance) in zip([spout, bolt], instances) { _ = try await client.register(instance) }
        var plan = entry(try await tmanager.mailbox.next(Registration.self), "lowest")
        var other = plan.stmgrs[0]
        other.id = "stmgr-2"
        other.dataPort = Int32(peer.port)
        plan.stmgrs.append(other)
        try await tmanager.broadcast(plan)
        _ = try await bolt.mailbox.next(Heron_Proto_Stmgr_NewInstanceAssignmentMessage.self)
        _ = try await peer.mailbox.next(Heron_Proto_Stmgr_StrMgrHelloRequest.self)

        // Far more than the kernel's buffers of both connections hold.
        let sets = 96
        let tuplesPerSet = 64
        let tuple = Fixture.tuple([String(repeating: "x", count: 16 << 10), "1"])
        let set = Fixture.set(Array(repeating: tuple, count: tuplesPerSet))
        let packet = try PacketHeader.packet(set, requestID: .none)
        try await bolt.setReading(false)
        for _ in 0..<sets { try await spout.send(packet: packet) }
        let start = try await peer.mailbox.next(Start.self)
        #expect(start.stmgr == "stmgr-1")
        #expect(start.messageID.count == 32)
        // What was read when the limit was met may come on top: the packet at hand and a few reads of the socket.
        let bound = high + 2 * packet.readableBytes + (1 << 20)
        for _ in 0..<200 { #expect(try await manager.unsentBytes <= bound) }
        #expect(try await spout.unsentBytes > 0)

        try await bolt.setReading(true)
        var received = 0
        while received < sets * tuplesPerSet {
            received += try await bolt.mailbox.next(DeliveredSet.self).data.tuples.count
        }
        #expect(received == sets * tuplesPerSet)
        _ = try await peer.mailbox.next(Stop.self)
        for client in [spout, bolt] { try await client.close() }
        try await manager.stop()
        for server in [tmanager, peer] { try await server.close() }
    }

    /// A peer's announcement stops the spout here; its disconnect counts as the end of it.
    @Test func aPeersBackPressureStopsTheSpoutUntilItIsGone() async throws {
        let tmanager = try await FakeServer()
        let instances = [Fixture.instance("words", 1), Fixture.instance("lowest", 11)]
        let manager = try await RunningStreamManager(instances: instances, bolts: ["lowest"])
        try await manager.topologyManagerMoved(to: tmanager.location)
        let spout = try await FakeClient(port: manager.ports.localData)
        let bolt = try await FakeClient(port: manager.ports.localData)
        for (client, instance) in zip([spout, bolt], instances) { _ = try await client.register(instance) }
        try await tmanager.broadcast(entry(try await tmanager.mailbox.next(Registration.self), "lowest"))
        _ = try await bolt.mailbox.next(Heron_Proto_Stmgr_NewInstanceAssignmentMessage.self)

        let peer = try await FakeClient(port: manager.ports.data)
        var hello = Heron_Proto_Stmgr_StrMgrHelloRequest()
        (hello.topologyName, hello.topologyID, hello.stmgr) = (Fixture.name, Fixture.id, "stmgr-2")
        _ = try await peer.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
        var start = Start()
        (start.topologyName, start.topologyID) = (Fixture.name, Fixture.id)
        (start.stmgr, start.messageID) = ("stmgr-2", "1")
        try await peer.send(start)
        // The hello is answered after the announcement was taken.
        _ = try await peer.request(hello, expecting: Heron_Proto_Stmgr_StrMgrHelloResponse.self)
        #expect(try await manager.spoutsPaused)
        try await spout.send(Fixture.set([Fixture.tuple(["a", "1"])]))
        try await peer.close()
        _ = try await bolt.mailbox.next(DeliveredSet.self)
        #expect(try await !manager.spoutsPaused)
        for client in [spout, bolt] { try await client.close() }
        try await manager.stop()
        try await tmanager.close()
    }
}
