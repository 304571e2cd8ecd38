import HeronModel
import Testing

@testable import TopologyManagerCore

@Suite("Topology machine: physical plan")
struct TopologyMachineTests {
    private let both = "[stmgr-1@host/100 stmgr-2@host/100] 4"

    @Test("the plan is formed when the last stream manager registers, stored, and then sent to all")
    func forming() {
        var script = Script()
        #expect(script.register(1, on: 1) == ["ok"])
        #expect(script.machine.streamManagers.absent == ["stmgr-2"])
        #expect(script.register(2, on: 2) == ["ok", "store running \(both)"])
        #expect(script.machine.completePlan == nil)
        #expect(script.written() == ["send running \(both) to 1,2"])
        #expect(script.machine.completePlan?.instances.map(\.info.taskID) == [1, 2, 3, 4])
    }

    @Test("a topology that was submitted paused starts paused")
    func paused() {
        var script = Script(Fixture(state: .paused))
        _ = script.register(1, on: 1)
        #expect(script.register(2, on: 2) == ["ok", "store paused \(both)"])
    }

    @Test("a stored plan is in force from the start, with its state")
    func storedPlan() throws {
        var first = Script(Fixture(state: .paused))
        first.registerAll()
        let plan = try #require(first.machine.plan)
        var script = Script(storedPlan: plan)
        #expect(script.register(1, on: 1) == ["ok with plan"])
        #expect(script.control(.activate) == ["store running \(both)"])
        #expect(script.written() == ["send running \(both) to 1", "answer 1: 200 Topology successfully activated"])
    }

    @Test("a stored plan for other containers goes, its state and runtime configuration stay")
    func outdatedStoredPlan() throws {
        var first = Script(Fixture(state: .paused))
        first.registerAll()
        _ = first.control(.updateRuntimeConfig(["k:v"]))
        _ = first.written()
        let stored = try #require(first.machine.plan)
        var script = Script(containers: 3, storedPlan: stored)
        #expect(script.machine.plan == nil)
        #expect(script.wait(seconds: 1) == ["delete"])
        #expect(script.written() == [])
        script.registerAll(1...3)
        let plan = try #require(script.machine.completePlan)
        #expect(plan.topology.state == .paused)
        #expect(plan.topology.topologyConfig.kvs.map(\.key) == ["k:runtime"])
        #expect(plan.stmgrs.count == 3)
    }

    @Test("a stream manager that comes back leads to a new plan for all")
    func reconnect() {
        var script = Script()
        script.registerAll()
        #expect(script.disconnect(2) == [])
        #expect(script.machine.streamManagers.absent == ["stmgr-2"])
        #expect(script.machine.plan != nil)
        let changed = "[stmgr-1@host/100 stmgr-2@other/200] 4"
        #expect(script.register(2, on: 3, pid: 200, host: "other") == ["ok with plan", "store running \(changed)"])
        #expect(script.written() == ["send running \(changed) to 1,3"])
    }

    @Test("the same process on a new connection needs no new plan")
    func sameProcess() {
        var script = Script()
        script.registerAll()
        _ = script.disconnect(2)
        #expect(script.register(2, on: 3) == ["ok with plan"])
    }

    @Test("a registration during a write leads to another one")
    func registrationDuringWrite() {
        var script = Script()
        _ = script.register(1, on: 1)
        _ = script.register(2, on: 2)
        _ = script.disconnect(2)
        #expect(script.register(2, on: 3, pid: 200) == ["ok"])
        let changed = "[stmgr-1@host/100 stmgr-2@host/200] 4"
        #expect(script.written() == ["send running \(both) to 1,3", "store running \(changed)"])
        #expect(script.written() == ["send running \(changed) to 1,3"])
    }

    @Test("a failed write is tried again after a while")
    func failedWrite() {
        var script = Script()
        _ = script.register(1, on: 1)
        _ = script.register(2, on: 2)
        #expect(script.writeFailed() == [])
        #expect(script.wait(seconds: 4) == [])
        #expect(script.wait(seconds: 1) == ["store running \(both)"])
        #expect(script.written() == ["send running \(both) to 1,2"])
    }

    @Test("without containers there is nothing to form")
    func noContainers() {
        var script = Script()
        var empty = PackingPlan()
        empty.id = "Words-1"
        _ = script.machine.packingPlanChanged(empty, now: script.now)
        #expect(script.wait(seconds: 10) == [])
    }
}

@Suite("Topology machine: packing plan")
struct PackingPlanChangeTests {
    @Test("another packing plan drops the physical plan and all registrations, and keeps the state")
    func change() throws {
        var script = Script()
        script.registerAll()
        _ = script.control(.deactivate)
        _ = script.written()
        #expect(script.packingPlan(containers: 3) == ["close 1", "close 2", "delete"])
        #expect(script.machine.plan == nil)
        #expect(script.disconnect(1) == [])
        #expect(script.written() == [])
        for container in 1...2 as ClosedRange<Int32> {
            #expect(script.register(container, on: 10 + Int(container)) == ["ok"])
        }
        let all = "[stmgr-1@host/100 stmgr-2@host/100 stmgr-3@host/100] 6"
        #expect(script.register(3, on: 13) == ["ok", "store paused \(all)"])
        #expect(script.written() == ["send paused \(all) to 11,12,13"])
    }

    @Test("the same plan again, or one with other resources only, changes nothing")
    func unchanged() {
        var script = Script()
        script.registerAll()
        #expect(script.packingPlan(containers: 2) == [])
        var plan = script.fixture.packingPlan(containers: 2)
        plan.containerPlans[0].scheduledResource = plan.containerPlans[0].requiredResource
        plan.containerPlans.reverse()
        #expect(script.machine.packingPlanChanged(plan, now: script.now).isEmpty)
        #expect(script.machine.completePlan != nil)
    }

    @Test("a plan that was being stored when the packing plan changed does not take effect")
    func duringWrite() {
        var script = Script()
        _ = script.register(1, on: 1)
        _ = script.register(2, on: 2)
        #expect(script.packingPlan(containers: 1) == ["close 1", "close 2"])
        #expect(script.written() == ["delete"])
        #expect(script.machine.plan == nil)
        #expect(script.written() == [])
        #expect(script.register(1, on: 3) == ["ok", "store running [stmgr-1@host/100] 2"])
    }

    @Test("a command that was being stored succeeds, and holds for the next plan")
    func duringCommand() {
        var script = Script()
        script.registerAll()
        _ = script.control(.deactivate)
        _ = script.packingPlan(containers: 1)
        #expect(script.written() == ["answer 1: 200 Topology successfully deactivated", "delete"])
        _ = script.written()
        #expect(script.register(1, on: 3) == ["ok", "store paused [stmgr-1@host/100] 2"])
    }

    @Test("a failed deletion is tried again, unless a new plan overwrites the old one before")
    func failedDeletion() {
        var script = Script()
        script.registerAll()
        _ = script.packingPlan(containers: 1)
        #expect(script.writeFailed() == [])
        #expect(script.wait(seconds: 5) == ["delete"])
        #expect(script.writeFailed() == [])
        #expect(script.register(1, on: 3) == ["ok"])
        #expect(script.wait(seconds: 5) == ["store running [stmgr-1@host/100] 2"])
    }
}
