import HeronModel
import Testing

@testable import TopologyManagerCore

@Suite("Topology machine: registration")
struct RegistrationTests {
    @Test("an id that the packing plan does not have is refused")
    func unknown() {
        var script = Script()
        #expect(script.register(3, on: 1) == ["invalidStmgr"])
        #expect(script.heartbeat(on: 1) == .notok)
    }

    @Test("instances other than those of the packing plan are refused")
    func wrongInstances() {
        var script = Script()
        #expect(script.register(1, on: 1) { $0.instances.removeLast() } == ["notok"])
        #expect(script.register(1, on: 1) { $0.instances.append($0.instances[0]) } == ["notok"])
        #expect(script.register(1, on: 1) { $0.instances[0].info.taskID = 9 } == ["notok"])
        #expect(script.register(1, on: 1) { $0.instances[0].info.componentName = "other" } == ["notok"])
        #expect(script.register(1, on: 1) { $0.instances[0].stmgrID = "stmgr-2" } == ["notok"])
        #expect(script.register(1, on: 1) == ["ok"])
    }

    @Test("a second process is refused while the first is alive, and the first keeps its place")
    func duplicate() {
        var script = Script()
        script.registerAll()
        #expect(script.register(1, on: 3, pid: 200) == ["duplicateStrmgr"])
        _ = script.wait(seconds: 50)
        #expect(script.heartbeat(on: 1) == .ok)
        #expect(script.heartbeat(on: 2) == .ok)
        #expect(script.heartbeat(on: 3) == .notok)
        _ = script.wait(seconds: 50)
        #expect(script.register(1, on: 3, pid: 200) == ["duplicateStrmgr"])
        #expect(script.disconnect(3) == [])
        #expect(script.machine.streamManagers.isComplete)
    }

    @Test("the same process takes its own place on a new connection")
    func sameProcess() {
        var script = Script()
        script.registerAll()
        #expect(script.register(1, on: 3) == ["ok with plan", "close 1"])
        #expect(script.disconnect(1) == [])
        #expect(script.machine.streamManagers.isComplete)
    }

    @Test("registering again on one connection is fine, under another id it is not")
    func again() {
        var script = Script()
        script.registerAll()
        #expect(script.register(1, on: 1) == ["ok with plan"])
        #expect(script.register(2, on: 1) == ["notok"])
    }

    @Test("who is silent for longer than the limit is put out, and another process may come")
    func silence() {
        var script = Script()
        script.registerAll()
        _ = script.wait(seconds: 60)
        #expect(script.heartbeat(on: 2) == .ok)
        #expect(script.wait(seconds: 1) == ["close 1"])
        #expect(script.machine.streamManagers.absent == ["stmgr-1"])
        let changed = "[stmgr-1@host/200 stmgr-2@host/100] 4"
        #expect(script.register(1, on: 3, pid: 200) == ["ok with plan", "store running \(changed)"])
    }
}

@Suite("Topology machine: controller")
struct ControlTests {
    private let plan = "[stmgr-1@host/100 stmgr-2@host/100] 4"

    @Test("a command succeeds after the plan was stored and sent out")
    func deactivate() {
        var script = Script()
        script.registerAll()
        #expect(script.control(.deactivate) == ["store paused \(plan)"])
        #expect(script.written() == ["send paused \(plan) to 1,2", "answer 1: 200 Topology successfully deactivated"])
        #expect(script.control(.activate) == ["store running \(plan)"])
        #expect(script.written() == ["send running \(plan) to 1,2", "answer 2: 200 Topology successfully activated"])
    }

    @Test("the start state must fit")
    func wrongState() {
        var script = Script()
        script.registerAll()
        #expect(script.control(.activate) == ["answer 1: 400 "])
    }

    @Test("before there is a plan nothing can be changed")
    func notInitialized() {
        var script = Script()
        let text = "500 Tmanager still not initialized (physical plan is not available)"
        #expect(script.control(.deactivate) == ["answer 1: \(text)"])
        #expect(script.control(.updateRuntimeConfig([])) == ["answer 2: \(text)"])
    }

    @Test("commands are carried out one after the other")
    func order() {
        var script = Script()
        script.registerAll()
        #expect(script.control(.deactivate) == ["store paused \(plan)"])
        #expect(script.control(.deactivate) == [])
        #expect(script.control(.activate) == [])
        #expect(
            script.written() == [
                "send paused \(plan) to 1,2", "answer 1: 200 Topology successfully deactivated", "answer 2: 400 ",
                "store running \(plan)",
            ]
        )
        #expect(script.written() == ["send running \(plan) to 1,2", "answer 3: 200 Topology successfully activated"])
    }

    @Test("a failed write is the caller's to know; the plan in force is written again")
    func failure() {
        var script = Script()
        script.registerAll()
        _ = script.control(.deactivate)
        #expect(script.writeFailed() == ["answer 1: 500 Error while writing the state"])
        #expect(script.machine.plan?.topology.state == .running)
        #expect(script.wait(seconds: 5) == ["store running \(plan)"])
        #expect(script.written() == ["send running \(plan) to 1,2"])
    }

    @Test("runtime configuration goes beside the submitted one, for the topology or a component")
    func runtimeConfig() throws {
        var script = Script()
        script.registerAll()
        _ = script.control(.updateRuntimeConfig(["a:1", "word:b:2", "count:c:3", "a:4"]))
        #expect(script.written().last == "answer 1: 200 Runtime config updated")
        let topology = try #require(script.machine.plan).topology
        #expect(topology.topologyConfig.kvs.map { "\($0.key)=\($0.value)" } == ["a:runtime=4"])
        #expect(topology.spouts[0].comp.config.kvs.map { "\($0.key)=\($0.value)" } == ["b:runtime=2"])
        #expect(topology.bolts[0].comp.config.kvs.map { "\($0.key)=\($0.value)" } == ["c:runtime=3"])
        #expect(topology.spouts[0].comp.config.kvs.allSatisfy { !$0.hasType })
        // The configuration outlives a change of the packing plan.
        _ = script.packingPlan(containers: 1)
        _ = script.written()
        _ = script.register(1, on: 3)
        _ = script.written()
        #expect(script.machine.plan?.topology.topologyConfig.kvs.count == 1)
    }

    @Test(
        "malformed runtime configuration changes nothing",
        arguments: [
            ([], "Missing 'runtime-config' argument in the request"),
            (["a"], "Invalid runtime-config 'a': expected [component:]key:value"),
            (["a:b:c:d"], "Invalid runtime-config 'a:b:c:d': expected [component:]key:value"),
            (["a:"], "Invalid runtime-config 'a:': expected [component:]key:value"),
            (["a:1", "none:k:v"], "Unknown component 'none' in runtime-config"),
        ] as [([String], String)]
    )
    func badRuntimeConfig(entries: [String], text: String) {
        var script = Script()
        script.registerAll()
        #expect(script.control(.updateRuntimeConfig(entries)) == ["answer 1: 400 \(text)"])
        #expect(script.machine.topology.topologyConfig.kvs.isEmpty)
    }
}
