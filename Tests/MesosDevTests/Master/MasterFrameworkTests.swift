import MesosProtocol
import Testing

@testable import MesosDevMaster

@Suite struct MasterFrameworkTests {
    @Test("a framework that does not come back in time is removed with its tasks")
    func failoverTimeout() {
        var harness = CoreHarness()
        let agent = harness.agent()
        let id = harness.subscribe("s") { $0.failoverTimeout = 10 }
        harness.launch("t", id, on: harness.offers("s")[0])
        harness.change { $0.disconnect(stream: "s") }
        harness.wait(9)
        #expect(harness.core.frameworks[id] != nil)
        _ = harness.takeActions()
        harness.wait(2)
        #expect(harness.core.frameworks[id] == nil)
        let ends = harness.takeActions().contains { action in
            if case .shutDown(agent, id) = action { true } else { false }
        }
        #expect(ends)
        #expect(harness.core.completedFrameworks.first?.completedTasks.first?.state == .taskKilled)
        harness.subscribe("again", id: id)
        #expect(harness.take("again").map(\.error.message) == ["Framework has been removed"])
    }

    @Test("updates of a framework that is away are told again when it is back")
    func resend() {
        var harness = CoreHarness()
        let agent = harness.agent()
        let id = harness.subscribe("s")
        harness.launch("t", id, on: harness.offers("s")[0])
        harness.change { $0.disconnect(stream: "s") }
        harness.runs("t", id, on: agent)
        #expect(harness.take("s").isEmpty)
        _ = harness.takeActions()
        harness.subscribe("again", id: id)
        let resends = harness.takeActions().contains { action in
            if case .resend(agent, id) = action { true } else { false }
        }
        #expect(resends)
        var reconcile = MesosCall.Reconcile()
        reconcile.tasks = []
        harness.change { $0.reconcile(id, reconcile) }
        #expect(harness.statuses("again").map(\.state) == [.taskRunning])
    }
}
