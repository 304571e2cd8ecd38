import MesosProtocol
import Testing

@testable import MesosDevMaster

@Suite struct MasterAgentTests {
    /// A framework with a running task on an agent.
    private func running(
        _ harness: inout CoreHarness,
        _ edit: (inout MesosFrameworkInfo) -> Void = { _ in }
    ) -> (framework: String, agent: String) {
        let agent = harness.agent()
        let id = harness.subscribe("s", edit)
        harness.launch("t", id, on: harness.offers("s")[0])
        harness.runs("t", id, on: agent)
        _ = harness.take("s")
        return (id, agent)
    }

    @Test("an agent that is away becomes unreachable, and brings its tasks back")
    func unreachable() {
        var harness = CoreHarness { $0.agentTimeout = 5 }
        let (id, agent) = running(&harness)
        harness.wait(1)
        #expect(harness.offers("s").count == 1)
        harness.change { $0.disconnect(agent: agent) }
        #expect(harness.take("s").map(\.type) == [.rescind])
        harness.wait(5.1)
        let events = harness.take("s")
        #expect(events.map(\.type) == [.update, .failure])
        let status = events[0].update.status
        #expect(status.state == .taskUnreachable && status.reason == .agentRemoved && status.hasUnreachableTime)
        #expect(!status.hasUuid)
        let record = AgentTask(
            framework: harness.core.frameworks[id]?.info ?? MesosFrameworkInfo(),
            task: .with {
                $0.name = "t"
                $0.taskID.value = "t"
                $0.frameworkID.value = id
                $0.agentID.value = agent
                $0.state = .taskRunning
            }
        )
        guard let known = harness.core.agents[agent] else { return }
        let isBack = harness.change {
            $0.reregister(known.info, address: known.address, total: known.total, [record])
        }
        #expect(isBack)
        let back = harness.take("s")
        #expect(back.map(\.type) == [.update, .offers])
        #expect(back[0].update.status.state == .taskRunning)
        #expect(back[0].update.status.reason == .agentReregistered)
    }

    @Test("without a checkpoint tasks are lost with the connection")
    func noCheckpoint() {
        var harness = CoreHarness()
        let (_, agent) = running(&harness) {
            $0.checkpoint = false
            $0.capabilities.removeLast()
        }
        harness.change { $0.disconnect(agent: agent) }
        let statuses = harness.statuses("s")
        #expect(statuses.map(\.state) == [.taskLost])
        #expect(statuses.map(\.reason) == [.agentDisconnected])
        #expect(statuses.map(\.message) == ["Agent h disconnected"])
    }

    @Test("a kill is kept for an agent that is away")
    func pendingKill() {
        var harness = CoreHarness()
        let (id, agent) = running(&harness)
        harness.change { $0.disconnect(agent: agent) }
        _ = harness.takeActions()
        var kill = MesosCall.Kill()
        kill.taskID.value = "t"
        harness.change { $0.kill(id, kill) }
        #expect(harness.takeActions().isEmpty)
        guard let known = harness.core.agents[agent], let task = harness.core.frameworks[id]?.tasks["t"],
            let info = harness.core.frameworks[id]?.info
        else { return }
        let record = AgentTask(framework: info, task: task.message)
        harness.change { _ = $0.reregister(known.info, address: known.address, total: known.total, [record]) }
        let kills = harness.takeActions().filter { if case .kill = $0 { true } else { false } }
        #expect(kills.count == 1)
    }

    @Test("what is marked gone never comes back")
    func gone() {
        var harness = CoreHarness()
        let (_, agent) = running(&harness)
        let isThere = harness.change { $0.markGone(agent: agent) }
        #expect(isThere)
        #expect(harness.take("s").map(\.type).prefix(1) == [.update])
        guard let known = harness.core.agents[agent] else { return }
        let isBack = harness.change { $0.reregister(known.info, address: known.address, total: known.total, []) }
        #expect(!isBack)
    }

    @Test("a restarted master is silent about tasks of agents that it waits for", arguments: [true, false])
    func restart(keepsRegistry: Bool) {
        var old = CoreHarness()
        let (id, agent) = running(&old)
        guard let known = old.core.agents[agent], let task = old.core.frameworks[id]?.tasks["t"],
            let info = old.core.frameworks[id]?.info
        else { return }
        var harness = CoreHarness()
        if keepsRegistry { harness.change { $0.remember(known) } }
        harness.subscribe("s", id: id)
        var reconcile = MesosCall.Reconcile()
        reconcile.tasks = [.with { $0.taskID.value = "t" }]
        harness.change { $0.reconcile(id, reconcile) }
        #expect(harness.statuses("s").map(\.state) == (keepsRegistry ? [] : [.taskUnknown]))
        let record = AgentTask(framework: info, task: task.message)
        harness.change { _ = $0.reregister(known.info, address: known.address, total: known.total, [record]) }
        #expect(harness.statuses("s").map(\.state) == (keepsRegistry ? [] : [.taskRunning]))
        harness.change { $0.reconcile(id, MesosCall.Reconcile()) }
        #expect(harness.statuses("s").map(\.state) == [.taskRunning])
    }

    @Test("maintenance makes offers anew and asks for resources")
    func maintenance() {
        var harness = CoreHarness()
        _ = harness.agent("h")
        let id = harness.subscribe("s")
        _ = harness.take("s")
        let window = MaintenanceWindow(
            machines: [MaintenanceWindow.Machine(hostname: "h", address: nil)],
            unavailability: .with { $0.start.nanoseconds = 1 }
        )
        harness.change { $0.setMaintenance([window]) }
        let events = harness.take("s")
        #expect(events.map(\.type) == [.rescind, .offers, .inverseOffers])
        #expect(events[1].offers.offers[0].unavailability.start.nanoseconds == 1)
        let inverse = events[2].inverseOffers.inverseOffers[0].id
        harness.change { $0.answerInverseOffers(id, [inverse], .with { $0.refuseSeconds = 5 }) }
        harness.wait(3)
        #expect(harness.take("s").isEmpty)
        harness.wait(3)
        #expect(harness.take("s").map(\.type) == [.inverseOffers])
    }
}
