import HeronModel
import Testing

@testable import StreamManagerCore

private typealias Registration = Heron_Proto_Tmanager_StMgrRegisterRequest
private typealias Assignment = Heron_Proto_Stmgr_NewInstanceAssignmentMessage

/// One container: a spout and a bolt, registered, with the plan in their hands.
struct Container {
    let tmanager: FakeServer
    let manager: RunningStreamManager
    let spout: FakeClient
    let bolt: FakeClient

    /// - Parameter bolt: the bolt and its task.
    init(
        _ bolt: (name: String, task: Int32) = ("lowest", 11),
        adjust: (inout StreamManagerTuning) -> Void = { _ in }
    ) async throws {
        let instances = [Fixture.instance("words", 1), Fixture.instance(bolt.name, bolt.task)]
        tmanager = try await FakeServer()
        manager = try await RunningStreamManager(instances: instances, bolts: [bolt.name], adjust: adjust)
        try await manager.topologyManagerMoved(to: tmanager.location)
        // One after the other: who has connected has only so long to register.
        var clients: [FakeClient] = []
        for instance in instances {
            let client = try await FakeClient(port: manager.ports.localData)
            #expect(try await client.register(instance).status.status == .ok)
            clients.append(client)
        }
        (spout, self.bolt) = (clients[0], clients[1])
        let registration = try await tmanager.mailbox.next(Registration.self)
        try await tmanager.broadcast(Self.plan(registration, bolt: bolt.name))
        for client in [spout, self.bolt] { _ = try await client.mailbox.next(Assignment.self) }
    }

    static func plan(_ registration: Heron_Proto_Tmanager_StMgrRegisterRequest, bolt: String) -> PhysicalPlan {
        var plan = PhysicalPlan()
        plan.topology = Fixture.topology(bolts: [bolt])
        plan.stmgrs = [registration.stmgr]
        plan.instances = registration.instances
        return plan
    }

    /// Sends a tuple from the spout and waits until the bolt has it.
    func expectFlow() async throws {
        try await spout.send(Fixture.set([Fixture.tuple(["a", "1"])]))
        #expect(try await bolt.mailbox.next(DeliveredSet.self).data.tuples.count == 1)
    }

    func close() async throws {
        for client in [spout, bolt] { try await client.close() }
        try await manager.stop()
        try await tmanager.close()
    }
}
