import HeronModel
import HeronWire
import NIOCore
import Testing

@testable import StreamManagerCore

private typealias Registration = Heron_Proto_Tmanager_StMgrRegisterRequest
private typealias Assignment = Heron_Proto_Stmgr_NewInstanceAssignmentMessage

/// Stream managers with fake instances and a fake topology manager around them, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct StreamManagerTests {
    @Test func registersWhenAllInstancesHaveAndCarriesWhatTheTrackerNeeds() async throws {
        let instances = [Fixture.instance("words", 1), Fixture.instance("lowest", 11)]
        let tmanager = try await FakeServer()
        let manager = try await RunningStreamManager(instances: instances, bolts: ["lowest"])
        try await manager.topologyManagerMoved(to: tmanager.location)
        let bolt = try await FakeClient(port: manager.ports.localData)
        #expect(try await bolt.register(instances[1]).status.status == .ok)
        let spout = try await FakeClient(port: manager.ports.localData)
        #expect(try await spout.register(instances[0]).hasPplan == false)
        let registration = try await tmanager.mailbox.next(Registration.self)
        #expect(registration.instances == instances)
        let stmgr = registration.stmgr
        #expect(stmgr.id == "stmgr-1")
        #expect(stmgr.hostName == "127.0.0.1")
        #expect(stmgr.dataPort == Int32(manager.ports.data))
        #expect(stmgr.localDataPort == Int32(manager.ports.localData))
        #expect(stmgr.localEndpoint == "/unused")
        #expect(stmgr.cwd == ProcessFacts.workingDirectory)
        #expect(stmgr.pid == ProcessFacts.pid)
        #expect(stmgr.shellPort == 4711)
        _ = try await tmanager.mailbox.next(Heron_Proto_Tmanager_StMgrHeartbeatRequest.self)
        // A topology manager that goes away finds the stream manager again.
        try await tmanager.dropConnections()
        #expect(try await tmanager.mailbox.next(Registration.self) == registration)
        for client in [spout, bolt] { try await client.close() }
        try await manager.stop()
        try await tmanager.close()
    }

    @Test func followsTheTopologyManagerToAnotherPlace() async throws {
        let container = try await Container()
        let successor = try await FakeServer()
        try await container.manager.topologyManagerMoved(to: nil)
        try await container.manager.topologyManagerMoved(to: successor.location)
        _ = try await successor.mailbox.next(Registration.self)
        try await container.close()
        try await successor.close()
    }

    @Test func tuplesFlowFromSpoutToBolt() async throws {
        let container = try await Container()
        for number in 0..<100 {
            try await container.spout.send(Fixture.set([Fixture.tuple(["a", "\(number)"])]))
        }
        var received: [String] = []
        while received.count < 100 {
            let set = try await container.bolt.mailbox.next(DeliveredSet.self)
            #expect(set.srcTaskID == 1)
            for bytes in set.data.tuples {
                received.append(String(decoding: try DataTuple(serializedBytes: bytes).values[1], as: UTF8.self))
            }
        }
        #expect(received == (0..<100).map(String.init))
        try await container.close()
    }

    @Test func acknowledgementsReturnToTheSpout() async throws {
        let container = try await Container()
        let root = Root(task: 1, key: 42)
        try await container.spout.send(Fixture.set([Fixture.tuple(["a", "1"], roots: [root])]))
        let set = try await container.bolt.mailbox.next(DeliveredSet.self)
        let tuple = try DataTuple(serializedBytes: set.data.tuples[0])
        var acks = TupleSetMessage()
        var ack = Heron_Proto_System_AckTuple()
        ack.roots = tuple.roots
        ack.ackedtuple = tuple.key
        acks.control.acks = [ack]
        acks.srcTaskID = 11
        try await container.bolt.send(acks)
        let answer = try await container.spout.mailbox.next(DeliveredSet.self)
        #expect(answer.control.acks.map { $0.roots.map(\.key) } == [[42]])
        try await container.close()
    }

    @Test func aStrangerIsRefusedAndTheRightInstanceStays() async throws {
        let container = try await Container()
        let stranger = try await FakeClient(port: container.manager.ports.localData)
        let spout = Fixture.instance("words", 1)
        let refusal = try await stranger.register(spout, topologyID: "Other-1")
        #expect(refusal.status.status == .notok)
        #expect(refusal.status.message.contains("Other-1"))
        // Its tuples are dropped, and a checkpoint message is ignored.
        try await stranger.send(Fixture.set([Fixture.tuple(["stray", "0"])]))
        let body: [UInt8] = [0x08, 1]
        try await stranger.send(packet: PacketHeader(typeName: "heron.proto.ckptmgr.Anything").packet(body.span.bytes))
        #expect(try await stranger.register(spout, topologyID: "Other-1").status.status == .notok)
        try await container.spout.send(Fixture.set([Fixture.tuple(["a", "1"])]))
        let set = try await container.bolt.mailbox.next(DeliveredSet.self)
        #expect(try DataTuple(serializedBytes: set.data.tuples[0]).values[0] == .init("a".utf8))
        try await stranger.close()
        try await container.close()
    }

    @Test func anInstanceThatComesBackGetsThePlanAndItsTuples() async throws {
        let container = try await Container()
        let second = try await FakeClient(port: container.manager.ports.localData)
        let instance = Fixture.instance("lowest", 11)
        // The first try only closes the old connection.
        #expect(try await second.register(instance).status.status == .notok)
        var answer = try await second.register(instance)
        while answer.status.status != .ok { answer = try await second.register(instance) }
        #expect(answer.pplan.topology.name == Fixture.name)
        try await container.spout.send(Fixture.set([Fixture.tuple(["a", "1"])]))
        _ = try await second.mailbox.next(DeliveredSet.self)
        try await second.close()
        try await container.close()
    }

    @Test func garbageClosesItsConnectionAndNoOther() async throws {
        let container = try await Container()
        let stranger = try await FakeClient(port: container.manager.ports.localData)
        try await stranger.send(packet: ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        let malformed: [UInt8] = [0x0A, 0x7F]
        try await stranger.send(packet: PacketHeader(of: TupleSetMessage.self).packet(malformed.span.bytes))
        try await container.spout.send(Fixture.set([Fixture.tuple(["a", "1"])]))
        _ = try await container.bolt.mailbox.next(DeliveredSet.self)
        try await stranger.close()
        try await container.close()
    }

    @Test func aNewPlanReachesEveryInstanceHydrated() async throws {
        let container = try await Container()
        var plan = Container.plan(Registration(), bolt: "lowest")
        plan.stmgrs = []
        plan.topology.state = .paused
        // The topology manager's topology has no objects and may lack everything else but the state.
        plan.topology.bolts = []
        try await container.tmanager.broadcast(plan)
        for client in [container.spout, container.bolt] {
            let assignment = try await client.mailbox.next(Assignment.self)
            #expect(assignment.pplan.topology.state == .paused)
            #expect(assignment.pplan.topology.bolts.map(\.comp.name) == ["lowest"])
        }
        try await container.close()
    }
}
