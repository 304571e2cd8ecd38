import MesosProtocol
import Testing

@testable import MesosDevMaster

/// A core with a clock of the test's own, and what it decided to do.
struct CoreHarness {
    var core: MasterCore
    private(set) var events: [String: [MesosEvent]] = [:]
    private(set) var actions: [MasterAction] = []

    init(_ change: (inout MasterSettings) -> Void = { _ in }) {
        var settings = MasterSettings()
        change(&settings)
        let info = MesosMasterInfo(id: "m", address: "127.0.0.1", hostname: "localhost", port: 5050)
        core = MasterCore(settings: settings, info: info, now: 1000)
    }

    mutating func agent(_ hostname: String = "h", _ resources: String = MasterHarness.resources) -> String {
        var info = MesosAgentInfo()
        info.hostname = hostname
        info.port = 5051
        info.resources = (try? ResourceText.resources(resources)) ?? []
        return change { $0.register(info, address: "127.0.0.2", total: ResourceSet(info.resources)) }
    }

    /// Subscribes a framework on a stream of the name given.
    @discardableResult
    mutating func subscribe(
        _ stream: String,
        id: String? = nil,
        roles: [String] = ["*"],
        _ edit: (inout MesosFrameworkInfo) -> Void = { _ in }
    ) -> String {
        var call = MesosCall.Subscribe()
        call.frameworkInfo.name = "test"
        call.frameworkInfo.user = "root"
        call.frameworkInfo.roles = roles
        call.frameworkInfo.checkpoint = true
        call.frameworkInfo.failoverTimeout = 60
        call.frameworkInfo.capabilities = [.with { $0.type = .multiRole }, .with { $0.type = .partitionAware }]
        if let id { call.frameworkInfo.id.value = id }
        edit(&call.frameworkInfo)
        change { $0.subscribe(call, stream: stream, principal: nil) }
        return core.frameworks.values.first { $0.stream == stream }?.id ?? ""
    }

    @discardableResult
    mutating func change<Result>(_ body: (inout MasterCore) -> Result) -> Result {
        let result = body(&core)
        for action in core.takeActions() {
            actions.append(action)
            if case .send(let stream, let event) = action { events[stream, default: []].append(event) }
        }
        return result
    }

    mutating func wait(_ seconds: Double) {
        let time = core.now + seconds
        change { $0.advance(to: time) }
    }

    /// What came on a stream since the last look, heartbeats aside.
    mutating func take(_ stream: String) -> [MesosEvent] {
        defer { events[stream] = [] }
        return (events[stream] ?? []).filter { $0.type != .heartbeat }
    }

    mutating func takeActions() -> [MasterAction] {
        defer { actions = [] }
        return actions
    }

    mutating func offers(_ stream: String) -> [MesosOffer] { take(stream).flatMap(\.offers.offers) }

    mutating func statuses(_ stream: String) -> [MesosTaskStatus] {
        take(stream).filter { $0.type == .update }.map(\.update.status)
    }

    mutating func launch(_ task: String, _ framework: String, on offer: MesosOffer, refuse: Double = 0) {
        var info = MesosTaskInfo()
        info.name = task
        info.taskID.value = task
        info.agentID = offer.agentID
        info.resources = (try? ResourceText.resources("cpus:1;mem:64")) ?? []
        info.command.value = "true"
        var call = MesosCall.Accept()
        call.offerIds = [offer.id]
        call.filters.refuseSeconds = refuse
        call.operations = [
            .with {
                $0.type = .launch
                $0.launch.taskInfos = [info]
            }
        ]
        change { $0.accept(framework, call) }
    }

    mutating func runs(_ task: String, _ framework: String, on agent: String, _ state: MesosTaskState = .taskRunning) {
        var status = MesosTaskStatus()
        status.taskID.value = task
        status.agentID.value = agent
        status.state = state
        status.uuid.append(contentsOf: [UInt8](repeating: 7, count: 16))
        change { $0.update(from: agent, framework: framework, status) }
    }
}

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
