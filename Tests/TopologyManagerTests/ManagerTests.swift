import HTTPTesting
import HeronModel
import HeronState
import NIOPosix
import Testing

@testable import TopologyManagerCore

@Suite("Topology manager: stream managers")
struct ManagerTests {
    @Test("registered stream managers get the plan that is stored, and commands change it")
    func wholeLife() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                let stored: PhysicalPlan = try await harness.next(.pplans)
                #expect(stored.topology == harness.fixture.topology)
                #expect(stored.instances.map(\.instanceID).count == 4)
                #expect(try await stmgrs[0].heartbeat().status.status == .ok)

                let reply = try await manager.control("/deactivate")
                #expect(reply.status == 200)
                #expect(reply.text == "Topology successfully deactivated")
                for stmgr in stmgrs { #expect(await stmgr.nextPlan()?.topology.state == .paused) }
                #expect(try await harness.state.physicalPlan("Words")?.topology.state == .paused)
                #expect(try await manager.control("/activate").text == "Topology successfully activated")
                for stmgr in stmgrs { #expect(await stmgr.nextPlan()?.topology.state == .running) }
            }
            #expect(try await harness.state.tmanagerLocation("Words") == nil)
            #expect(try await harness.state.physicalPlan("Words") != nil)
        }
    }

    @Test("a stream manager that comes back elsewhere is made known to all")
    func reconnect() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                await stmgrs[1].disconnect()
                let second = await manager.connect()
                var request = harness.fixture.registration(container: 2, pid: 200, host: "elsewhere")
                var response = try await second.register(request)
                // The old connection's end may be noticed later than the new one's request.
                while response.status.status == .duplicateStrmgr { response = try await second.register(request) }
                #expect(response.status.status == .ok)
                #expect(response.pplan.stmgrs.count == 2)
                #expect(await stmgrs[0].nextPlan()?.stmgrs.last?.hostName == "elsewhere")
                #expect(await second.nextPlan()?.stmgrs.last?.hostName == "elsewhere")
                request.stmgr.id = "stmgr-7"
                #expect(try await second.register(request).status.status == .invalidStmgr)
            }
        }
    }

    @Test("another packing plan is handled in the same process")
    func packingPlanChange() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                #expect(try await manager.control("/deactivate").status == 200)
                // As an update writes it: delete and create.
                try await harness.delete(.packingplans)
                try await harness.write(.packingplans, harness.fixture.packingPlan(containers: 3))
                for stmgr in stmgrs { _ = await stmgr.closed.first { _ in true } }
                try await harness.gone(.pplans)
                #expect(try await manager.control("/activate").status == 500)
                _ = try await manager.registerAll(1...3)
                let plan: PhysicalPlan = try await harness.next(.pplans)
                #expect(plan.topology.state == .paused)
                #expect(plan.stmgrs.map(\.id) == ["stmgr-1", "stmgr-2", "stmgr-3"])
            }
        }
    }

    @Test("a new manager goes on with the state that the old one stored")
    func restart() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                _ = try await manager.registerAll()
                #expect(try await manager.control("/deactivate").status == 200)
            }
            try await harness.withManager { manager async throws in
                let stmgr = await manager.connect()
                let response = try await stmgr.register(harness.fixture.registration(container: 1))
                #expect(response.pplan.topology.state == .paused)
                #expect(try await manager.control("/activate").status == 200)
                #expect(await stmgr.nextPlan()?.topology.state == .running)
            }
        }
    }

    @Test("the plan of an earlier submission is thrown away")
    func foreignPlan() async throws {
        try await ManagerHarness.run { harness async throws in
            var plan = PhysicalPlan()
            plan.topology = Fixture(id: "Words-0").topology
            try await harness.write(.pplans, plan)
            try await harness.withManager { manager async throws in
                #expect(try await harness.state.physicalPlan("Words") == nil)
                _ = try await manager.registerAll()
            }
        }
    }
}

@Suite("Topology manager: location")
struct LocationTests {
    @Test("the location names open ports, and is put back when it is removed")
    func location() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                #expect(manager.location.topologyID == "Words-1")
                #expect(try await fetch("/", port: Int(manager.location.controllerPort)).status == 404)
                #expect(try await fetch("/", port: Int(manager.location.statsPort)).status == 400)
                try await harness.delete(.tmanagers)
                let again: TManagerLocation = try await harness.next(.tmanagers)
                #expect(again == manager.location)
            }
        }
    }

    @Test("a manager whose topology is gone ends when its location is removed")
    func topologyGone() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                try await harness.delete(.topologies)
                try await harness.delete(.tmanagers)
                let error = await #expect(throws: TopologyManagerError.self) { try await manager.work.value }
                #expect(error?.description == "topology Words was removed from the state")
            }
        }
    }

    @Test("a second manager gives up while the first one lives, which goes on")
    func second() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let session = try await ManagerHarness.openState(harness.root)
                let service = try harness.service(session)
                let error = await #expect(throws: TopologyManagerError.self) {
                    try await service.run(on: MultiThreadedEventLoopGroup.singleton)
                }
                await session.close()
                #expect(error?.description.contains("cannot advertise the location") == true)
                _ = try await manager.registerAll()
            }
        }
    }

    @Test("a manager for another submission, or for no topology, does not start")
    func wrongTopology() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.write(.topologies, Fixture(id: "Words-2").topology)
            let service = try harness.service(harness.state)
            let wrong = await #expect(throws: TopologyManagerError.self) {
                try await service.run(on: MultiThreadedEventLoopGroup.singleton)
            }
            #expect(wrong?.description.contains("id Words-2") == true)
            try await harness.delete(.topologies)
            let missing = await #expect(throws: TopologyManagerError.self) {
                try await service.run(on: MultiThreadedEventLoopGroup.singleton)
            }
            #expect(missing?.description.hasPrefix("there is no topology Words in the state (") == true)
        }
    }
}
