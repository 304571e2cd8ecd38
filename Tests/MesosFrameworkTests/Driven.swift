import FoundationEssentials
import MesosFramework
import MesosProtocol

/// A framework that a test drives step by step, and everything it did.
struct Driven {
    private var framework: Framework
    private(set) var now: Moment = 1_000_000
    private(set) var ledger: LedgerContents
    private(set) var outcomes: [UInt64: RequestOutcome] = [:]
    private(set) var subscribeCall: MesosCall?
    /// The types of the calls that were sent, in order.
    private(set) var calls: [MesosCall.TypeEnum] = []

    init(containers: Int32, ledger: LedgerContents = LedgerContents()) {
        var info = MesosFrameworkInfo()
        info.user = "ads"
        info.name = "test"
        info.checkpoint = true
        let needs = (0..<containers).map { id in
            ContainerNeed(container: id, milliCPUs: 1000, milliMemory: 64_000, milliDisk: 64_000, portCount: 9)
        }
        let settings = FrameworkSettings(topologyID: "T", info: info, resourceRole: "*", needs: needs)
        framework = Framework(settings: settings, ledger: ledger)
        self.ledger = ledger
    }

    /// All containers run, on agent S1.
    static func running(containers: Int32) -> Driven {
        var driven = Driven(containers: containers)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: Double(containers))
        for id in 0..<containers { driven.update("T-\(id)-1", .taskRunning, uuid: [UInt8(id) + 100]) }
        return driven
    }

    /// What was written last.
    var saved: LedgerContents { ledger }

    func snapshot(_ container: Int) -> ContainerSnapshot { framework.snapshots[container] }

    @discardableResult
    mutating func handle(_ event: FrameworkEvent) -> [FrameworkAction] {
        let actions = framework.handle(event, at: now)
        for action in actions {
            switch action {
            case .save(let changes): save(changes)
            case .answer(let id, let outcome): outcomes[id.number] = outcome
            case .subscribe(let call): subscribeCall = call
            case .send(let call): calls.append(call.type)
            default: break
            }
        }
        return actions
    }

    private mutating func save(_ changes: LedgerChanges) {
        if let framework = changes.framework { ledger.framework = framework }
        for container in changes.containers {
            ledger.containers.removeAll { $0.container == container.container }
            ledger.containers.append(container)
        }
        ledger.containers.sort { $0.container < $1.container }
    }

    @discardableResult
    mutating func schedule(isResumed: Bool = false) -> RequestOutcome? {
        handle(.schedule(RequestID(1), isResumed: isResumed))
        return outcomes[1]
    }

    @discardableResult
    mutating func subscribed(as id: String) -> [FrameworkAction] {
        var event = MesosEvent.Subscribed()
        event.frameworkID.value = id
        return handle(.subscribed(event, master: "http://master:5050"))
    }

    @discardableResult
    mutating func offer(_ id: String, on agent: String, cpus: Double) -> [FrameworkAction] {
        var offer = MesosOffer()
        offer.id.value = id
        offer.agentID.value = agent
        offer.hostname = "host-\(agent)"
        offer.allocationInfo.role = "*"
        offer.resources = [scalar("cpus", cpus), scalar("mem", 4096), scalar("disk", 4096), ports()]
        var event = MesosEvent()
        event.type = .offers
        event.offers.offers = [offer]
        return handle(.received(event))
    }

    private func scalar(_ name: String, _ value: Double) -> MesosResource {
        MesosResource.with { resource in
            resource.name = name
            resource.type = .scalar
            resource.allocationInfo.role = "*"
            resource.scalar.value = value
        }
    }

    private func ports() -> MesosResource {
        MesosResource.with { resource in
            resource.name = "ports"
            resource.type = .ranges
            resource.allocationInfo.role = "*"
            resource.ranges.range = [
                MesosValue.Range.with { range in
                    range.begin = 31_000
                    range.end = 31_999
                }
            ]
        }
    }

    @discardableResult
    mutating func update(
        _ task: String,
        _ state: MesosTaskState,
        uuid: [UInt8],
        reason: MesosTaskStatus.Reason? = nil
    ) -> [FrameworkAction] {
        var event = MesosEvent()
        event.type = .update
        event.update.status.taskID.value = task
        event.update.status.agentID.value = "S1"
        event.update.status.state = state
        if !uuid.isEmpty { event.update.status.uuid = Data(uuid) }
        if let reason { event.update.status.reason = reason }
        return handle(.received(event))
    }

    /// Brings a waiting container to run again, on some agent.
    mutating func run(_ container: Int32, on agent: String) {
        offer("O-\(agent)", on: agent, cpus: 1)
        update(snapshot(Int(container)).task?.id ?? "", .taskRunning, uuid: [9])
    }

    /// Lets time pass, stopping wherever the framework wants to.
    @discardableResult
    mutating func pass(_ time: Moment) -> [FrameworkAction] {
        let end = now + time
        var actions: [FrameworkAction] = []
        while let deadline = framework.deadline, deadline <= end {
            now = max(now, deadline)
            actions += handle(.timePassed)
        }
        now = end
        return actions + handle(.timePassed)
    }
}

extension FrameworkAction {
    var isSave: Bool { if case .save = self { true } else { false } }
    var isAnswer: Bool { if case .answer = self { true } else { false } }
    var isLaunch: Bool { launch != nil }
    var isAcknowledgement: Bool { call?.type == .acknowledge }
    var launch: LaunchOrder? { if case .launch(let order) = self { order } else { nil } }
    var call: MesosCall? { if case .send(let call) = self { call } else { nil } }
    var subscription: MesosCall? { if case .subscribe(let call) = self { call } else { nil } }
}

extension [FrameworkAction] {
    /// Whether there is a save, and after it the first action of a kind.
    func isSaved(before isOfKind: (FrameworkAction) -> Bool) -> Bool {
        guard let save = firstIndex(where: { $0.isSave }), let other = firstIndex(where: isOfKind) else { return false }
        return save < other
    }
}
