import FoundationEssentials
import MesosFramework
import MesosProtocol

/// A framework, its ledger and a model of Mesos in simulated time; what happens depends on the seed alone.
final class Simulation {
    var random: SeededRandom
    var now: Moment = 1_000_000
    var master = ModelMaster()
    var agents: [String: ModelAgent] = [:]
    private(set) var ledger = LedgerContents()
    private(set) var violations: [String] = []
    private(set) var outcomes: [UInt64: RequestOutcome] = [:]
    private(set) var trace: [String] = []

    let settings: FrameworkSettings
    private var framework: Framework?
    /// Counts the lives of the scheduler: what was on its way to an earlier one is lost.
    private var life = 0
    private var isScheduled = false
    private var connection: Int?
    private var connections = 0
    private var lastArrival: Moment = 0
    private var subscribing = 0
    /// What the scheduler does not see, or cannot do, while the state is away.
    private var blockedUntil: Moment = 0
    private var backlog: [() -> Void] = []
    private var queue: [(at: Moment, order: Int, action: () -> Void)] = []
    private var order = 0
    private var timer = 0
    /// The chances of faults; none when everything shall heal.
    var isFaulty = true

    init(seed: UInt64, containers: Int32) {
        random = SeededRandom(seed: seed)
        let needs = (0..<containers).map { id in
            ContainerNeed(container: id, milliCPUs: 1000, milliMemory: 1_000_000, milliDisk: 1_000_000, portCount: 9)
        }
        var info = MesosFrameworkInfo()
        info.user = "ads"
        info.name = "simulated"
        var settings = FrameworkSettings(topologyID: "WordCount-1", info: info, resourceRole: "*", needs: needs)
        settings.restartDelayMaximum = 20_000
        self.settings = settings
        for index in 1...4 { addAgent("S\(index)") }
        tick()
    }

    func addAgent(_ id: String) { agents[id] = ModelAgent(id: id, cpus: 4000) }

    // MARK: Time

    func after(_ delay: Moment, _ action: @escaping () -> Void) {
        order += 1
        let entry = (at: now + delay, order: order, action: action)
        let index = queue.firstIndex { ($0.at, $0.order) > (entry.at, entry.order) } ?? queue.endIndex
        queue.insert(entry, at: index)
    }

    func run(for duration: Moment) {
        let end = now + duration
        var atOnce = 0
        while let next = queue.first, next.at <= end {
            queue.removeFirst()
            atOnce = next.at == now ? atOnce + 1 : 0
            // Time stands still: somebody asks for a moment that has passed, again and again.
            guard atOnce < 10_000 else { return report("a loop without end: \(framework.debugDescription)") }
            now = next.at
            next.action()
        }
        now = end
    }

    // MARK: The scheduler

    /// Starts the scheduler, as the service does.
    func start() {
        life += 1
        backlog = []
        framework = Framework(settings: settings, ledger: ledger)
        handle(.schedule(RequestID(0), isResumed: isScheduled))
        isScheduled = true
    }

    func crash() {
        guard framework != nil else { return }
        note("scheduler crashes")
        life += 1
        framework = nil
        // The next one may find the state back.
        (backlog, blockedUntil) = ([], 0)
        cut(tellScheduler: false)
        after(random.number(500...5_000)) { [self] in
            if framework == nil { start() }
        }
    }

    func request(_ number: UInt64, _ event: (RequestID) -> FrameworkEvent) { handle(event(RequestID(number))) }

    var isAlive: Bool { framework != nil }

    var snapshots: [ContainerSnapshot] { framework?.snapshots ?? [] }

    private func handle(_ event: FrameworkEvent) {
        guard framework != nil else { return }
        if now < blockedUntil || !backlog.isEmpty {
            backlog.append { [self] in handleNow(event) }
            return
        }
        handleNow(event)
    }

    private func handleNow(_ event: FrameworkEvent) {
        guard let actions = framework?.handle(event, at: now) else { return }
        perform(actions[...])
        setTimer()
    }

    private func setTimer() {
        timer += 1
        guard let deadline = framework?.deadline else { return }
        let (mine, life) = (timer, life)
        after(max(deadline - now, 0)) { [self] in
            if timer == mine, self.life == life { handle(.timePassed) }
        }
    }

    private func perform(_ actions: ArraySlice<FrameworkAction>) {
        for (index, action) in zip(actions.indices, actions) {
            if isFaulty, random.chance(0.001) { return crash() }
            if case .save(let changes) = action {
                if isFaulty, random.chance(0.01) {
                    return block(actions[index...])
                }
                save(changes)
                continue
            }
            perform(action)
            if framework == nil { return }
        }
    }

    /// The state is away: what was to be written is written when it is back, and then what relied on it.
    private func block(_ actions: ArraySlice<FrameworkAction>) {
        let pause = random.number(1_000...60_000)
        note("state away for \(pause) ms")
        blockedUntil = now + pause
        let life = life
        backlog.insert({ [self] in perform(actions) }, at: 0)
        after(pause) { [self] in
            if self.life == life { catchUp() }
        }
    }

    /// Does what has waited, until the state is away again.
    private func catchUp() {
        let life = life
        while !backlog.isEmpty, now >= blockedUntil, self.life == life { backlog.removeFirst()() }
        if self.life == life { setTimer() }
    }

    private func save(_ changes: LedgerChanges) {
        if let framework = changes.framework { ledger.framework = framework }
        for container in changes.containers {
            ledger.containers.removeAll { $0.container == container.container }
            ledger.containers.append(container)
        }
        ledger.containers.sort { $0.container < $1.container }
    }

    private func perform(_ action: FrameworkAction) {
        switch action {
        case .save(let changes): save(changes)
        case .subscribe(let call): connect(call)
        case .send(let call): send(call)
        case .teardown(let call): send(call)
        case .launch(let order): send(accept(order))
        case .answer(let id, let outcome): outcomes[id.number] = outcome
        case .log(_, let text): note("log: \(text)")
        case .report, .count: break
        case .giveUp(let reason): note("gives up: \(reason)")
        }
    }

    private func accept(_ order: LaunchOrder) -> MesosCall {
        MesosCall.with { call in
            call.type = .accept
            call.frameworkID = order.framework
            call.accept.offerIds = order.offers
            call.accept.filters.refuseSeconds = order.refuseSeconds
            var operation = MesosOffer.Operation()
            operation.type = .launch
            operation.launch.taskInfos = order.tasks.map { task in
                MesosTaskInfo.with { info in
                    info.taskID.value = task.id
                    info.agentID = order.agent
                    info.resources = task.resources
                }
            }
            call.accept.operations = [operation]
        }
    }

    // MARK: The connection

    private func connect(_ call: MesosCall) {
        cut(tellScheduler: false)
        subscribing += 1
        tryToConnect(call, subscribing, life)
    }

    private func tryToConnect(_ call: MesosCall, _ attempt: Int, _ life: Int) {
        after(random.number(1...2_000)) { [self] in
            guard attempt == subscribing, life == self.life else { return }
            guard master.isUp else { return tryToConnect(call, attempt, life) }
            connections += 1
            guard let event = master.subscribe(call) else {
                return after(1) { [self] in
                    if life == self.life { handle(.refused(message: "Framework has been removed")) }
                }
            }
            connection = connections
            note("subscribed as \(event.subscribed.frameworkID.value)")
            deliver { [self] in handle(.subscribed(event.subscribed, master: "http://m\(master.generation)")) }
            for agent in agents.keys.sorted() { resend(agent) }
        }
    }

    /// Ends the connection: what is on its way is lost, both ways.
    func cut(tellScheduler: Bool = true) {
        guard connection != nil else { return }
        connection = nil
        master.registration?.isConnected = false
        master.offers = [:]
        guard tellScheduler else { return }
        let life = life
        after(random.number(1...50)) { [self] in
            if life == self.life { handle(.disconnected(reason: "cut")) }
        }
    }

    /// Brings something to the scheduler, in order, unless the connection is cut before.
    private func deliver(_ body: @escaping () -> Void) {
        let (mine, life) = (connection, life)
        lastArrival = max(lastArrival, now + random.number(0...20))
        after(lastArrival - now) { [self] in
            if mine != nil, connection == mine, life == self.life { body() }
        }
    }

    private func send(_ event: MesosEvent) {
        guard connection != nil else { return }
        deliver { [self] in
            handle(.received(event))
            // At least once, says Mesos.
            if isFaulty, random.chance(0.05) { handle(.received(event)) }
        }
    }

    private func send(_ call: MesosCall) {
        guard let mine = connection else { return }
        if isFaulty, random.chance(0.005) { return cut() }
        lastCall = max(lastCall, now + random.number(0...20))
        after(lastCall - now) { [self] in
            guard connection == mine, master.isUp else { return }
            take(call)
            if isFaulty, random.chance(0.005) { cut() }
        }
    }

    private var lastCall: Moment = 0

    // MARK: The master

    private func take(_ call: MesosCall) {
        switch call.type {
        case .accept: launch(call)
        case .decline: decline(call.decline.offerIds, call.decline.filters.refuseSeconds)
        case .kill: kill(call.kill.taskID.value, agent: call.kill.agentID.value, grace: 3_000)
        case .acknowledge: acknowledge(call.acknowledge)
        case .reconcile: reconcile(call.reconcile)
        case .revive:
            master.registration?.isSuppressed = false
            master.filters = [:]
        case .suppress: master.registration?.isSuppressed = true
        case .teardown: teardown()
        default: break
        }
    }

    private func teardown() {
        guard let id = master.registration?.id else { return }
        note("torn down")
        master.tombstones.insert(id)
        master.registration = nil
        for agent in agents.keys { endAll(on: agent) }
        deliver { [self] in handle(.tornDown) }
        after(30) { [self] in cut() }
    }

    /// An operator removes the framework behind the scheduler's back.
    func remove() {
        guard let id = master.registration?.id else { return }
        note("removed by an operator")
        master.tombstones.insert(id)
        master.registration = nil
        for agent in agents.keys { endAll(on: agent) }
        deliver { [self] in handle(.refused(message: "Framework has been removed")) }
    }

    /// What the master asks of an agent that it can reach, or as soon as it is back.
    private func endAll(on agent: String) {
        guard agents[agent]?.isConnected == false else {
            agents[agent]?.tasks = [:]
            return
        }
        // A master that is replaced forgets what it tore down; our executors end without a topology in the state.
        after(120_000) { [self] in agents[agent]?.tasks = [:] }
    }

    private func decline(_ offers: [MesosOfferID], _ seconds: Double) {
        for offer in offers {
            guard let given = master.offers.removeValue(forKey: offer.value) else { continue }
            master.filters[given.agent] = now + Moment(seconds * 1000)
        }
    }

    private func launch(_ call: MesosCall) {
        let tasks = call.accept.operations.flatMap(\.launch.taskInfos)
        let given = call.accept.offerIds.compactMap { master.offers.removeValue(forKey: $0.value) }
        guard given.count == call.accept.offerIds.count, let agent = given.first?.agent,
            agents[agent]?.isConnected == true
        else {
            for task in tasks {
                let reason: MesosTaskStatus.Reason = .invalidOffers
                let state: MesosTaskState = .taskDropped
                send(ModelMaster.update(ModelMaster.status(task.taskID.value, task.agentID.value, state, reason)))
            }
            return
        }
        if call.accept.filters.refuseSeconds > 0 {
            master.filters[agent] = now + Moment(call.accept.filters.refuseSeconds * 1000)
        }
        for task in tasks { launch(task, on: agent) }
    }

    private func launch(_ info: MesosTaskInfo, on agent: String) {
        let id = info.taskID.value
        let taken = ModelAgent.milliCPUs(info.resources)
        guard taken <= agents[agent]?.freeCPUs ?? 0, agents[agent]?.tasks[id] == nil else {
            violations.append("\(id) was launched twice, or with more than was offered")
            return
        }
        let generation = TaskID(id, topologyID: settings.topologyID)?.attempt ?? 0
        agents[agent]?.tasks[id] = ModelAgent.Task(id: id, resources: info.resources, generation: generation)
        note("launch \(id) on \(agent)")
        checkSingle()
        after(random.number(5...50)) { [self] in step(id, agent, .taskStarting) }
        if isFaulty, random.chance(0.02) { return }  // hangs in STARTING
        let fails = isFaulty && random.chance(0.15)
        after(random.number(60...2_000)) { [self] in
            step(id, agent, fails && random.chance(0.5) ? .taskFailed : .taskRunning)
        }
        if fails { after(random.number(2_100...60_000)) { [self] in step(id, agent, .taskFailed) } }
    }

    /// A task reaches a state, if it still lives.
    private func step(_ id: String, _ agent: String, _ state: MesosTaskState) {
        guard let task = agents[agent]?.tasks[id], task.isLive, agents[agent]?.isDead == false else { return }
        if task.state == .taskKilling, !ModelAgent.isTerminal(state) { return }
        agents[agent]?.tasks[id]?.state = state
        if state == .taskRunning { fence(id, task.generation) }
        var status = ModelMaster.status(id, agent, state, nil)
        status.uuid = Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let isFirst = task.updates.isEmpty
        agents[agent]?.tasks[id]?.updates.append(status)
        if isFirst { resend(agent, id) }
    }

    /// Our executor gives way to a newer generation of its container, wherever that runs.
    private func fence(_ id: String, _ generation: UInt32) {
        guard let container = TaskID(id, topologyID: settings.topologyID)?.container else { return }
        for (agent, model) in agents {
            for task in model.tasks.values
            where task.isLive && task.id != id && task.generation < generation
                && TaskID(task.id, topologyID: settings.topologyID)?.container == container
            {
                let old = task.id
                after(100) { [self] in step(old, agent, .taskFinished) }
            }
        }
    }

    private func resend(_ agent: String) {
        for id in (agents[agent]?.tasks.keys ?? [:].keys).sorted() { resend(agent, id) }
    }

    /// Sends the head of a task's updates, and again until it is acknowledged.
    private func resend(_ agent: String, _ id: String) {
        guard let model = agents[agent], let task = model.tasks[id], let head = task.updates.first else { return }
        if model.isConnected, master.isUp, model.isRegistered, connection != nil { send(ModelMaster.update(head)) }
        let uuid = head.uuid
        let pause = task.retryPause
        agents[agent]?.tasks[id]?.retryPause = min(pause * 2, 600_000)
        after(pause) { [self] in
            if agents[agent]?.tasks[id]?.updates.first?.uuid == uuid { resend(agent, id) }
        }
    }

    private func acknowledge(_ acknowledge: MesosCall.Acknowledge) {
        let (agent, id) = (acknowledge.agentID.value, acknowledge.taskID.value)
        guard agents[agent]?.isConnected == true,
            agents[agent]?.tasks[id]?.updates.first?.uuid == acknowledge.uuid
        else { return }
        let state = agents[agent]?.tasks[id]?.updates.first?.state
        checkLedger(id, state)
        agents[agent]?.tasks[id]?.updates.removeFirst()
        agents[agent]?.tasks[id]?.retryPause = 10_000
        if agents[agent]?.tasks[id]?.updates.isEmpty == false {
            resend(agent, id)
        } else if agents[agent]?.tasks[id]?.isLive == false {
            agents[agent]?.tasks[id] = nil
        }
    }

    /// What was acknowledged is in the ledger: its state, or, for the end of a task, that it is not there any more.
    private func checkLedger(_ id: String, _ state: MesosTaskState?) {
        guard let state, ModelAgent.isTerminal(state) else { return }
        if ledger.containers.contains(where: { $0.tasks.contains { $0.taskID == id } }) {
            violations.append("the end of \(id) was acknowledged before the ledger had it")
        }
    }

    private func kill(_ id: String, agent: String, grace: Moment) {
        guard let model = agents[agent], model.tasks[id] != nil, model.isRegistered else {
            if let state = master.reconciled(id, agent: agents[agent]) {
                send(ModelMaster.update(ModelMaster.status(id, agent, state, .reconciliation)))
            }
            return
        }
        guard model.isConnected else { return }
        step(id, agent, .taskKilling)
        after(random.number(10...grace)) { [self] in step(id, agent, .taskKilled) }
    }

    private func reconcile(_ reconcile: MesosCall.Reconcile) {
        if reconcile.tasks.isEmpty {
            for agent in agents.keys.sorted() where agents[agent]?.isRegistered == true {
                for task in (agents[agent]?.tasks ?? [:]).values.sorted(by: { $0.id < $1.id })
                where agents[agent]?.isUnreachable == false {
                    send(ModelMaster.update(ModelMaster.status(task.id, agent, task.state, .reconciliation)))
                }
            }
        }
        for task in reconcile.tasks {
            let (id, agent) = (task.taskID.value, task.agentID.value)
            if let state = master.reconciled(id, agent: agents[agent]) {
                send(ModelMaster.update(ModelMaster.status(id, agent, state, .reconciliation)))
            }
        }
    }

    /// Offers what is free, every second.
    private func tick() {
        after(1_000) { [self] in
            offer()
            tick()
        }
    }

    private func offer() {
        guard master.isUp, connection != nil, let registration = master.registration, !registration.isSuppressed else {
            return
        }
        var offers: [MesosOffer] = []
        for id in agents.keys.sorted() {
            guard let agent = agents[id], agent.isConnected, agent.isRegistered, agent.freeCPUs >= 10,
                master.filters[id] ?? 0 <= now, !master.offers.values.contains(where: { $0.agent == id })
            else { continue }
            let offer = MesosOffer.with { offer in
                offer.id.value = master.newID("O")
                offer.frameworkID.value = registration.id
                offer.agentID.value = id
                offer.hostname = "host-\(id)"
                offer.allocationInfo.role = "*"
                offer.resources = agent.freeResources
            }
            master.offers[offer.id.value] = (id, offer.resources)
            offers.append(offer)
        }
        guard !offers.isEmpty else { return }
        send(
            MesosEvent.with { event in
                event.type = .offers
                event.offers.offers = offers
            }
        )
    }

    func rescindAll() {
        for id in master.offers.keys.sorted() {
            master.offers[id] = nil
            send(
                MesosEvent.with { event in
                    event.type = .rescind
                    event.rescind.offerID.value = id
                }
            )
        }
    }

    func deliverUpdate(_ status: MesosTaskStatus) { send(ModelMaster.update(status)) }

    func deliverFailure(of agent: String) {
        send(
            MesosEvent.with { event in
                event.type = .failure
                event.failure.agentID.value = agent
            }
        )
    }

    func resendUpdates(of agent: String) { resend(agent) }

    func report(_ violation: String) { violations.append("\(now): \(violation)") }

    func note(_ text: String) {
        trace.append("\(now) \(text)")
        if trace.count > 4_000 { trace.removeFirst(2_000) }
    }
}
