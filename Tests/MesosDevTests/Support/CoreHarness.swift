import MesosProtocol

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
