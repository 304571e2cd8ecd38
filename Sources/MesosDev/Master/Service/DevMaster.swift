import Logging
import MesosDevAgent
import MesosProtocol

/// A stand-in for a Mesos master with agents in the same process.
///
/// It owns the ``MasterCore``, gives it the time, and performs what it decides: events go into streams, commands to
/// agents, each in order.
public actor DevMaster {
    /// Where a master is on its way from its start to work.
    enum Phase: Sendable {
        case working
        /// Every connection is cut, until the time given.
        case down(until: Double, then: Double)
        /// Nothing is answered but that the master has not finished recovery.
        case recovering(until: Double)
    }

    /// Who leads, as far as this master knows.
    public enum Leadership: Sendable, Hashable {
        case leader
        /// Another master, at `host:port`.
        case follower(of: String)
        case none
    }

    private struct OpenStream {
        let stream: EventStream
        var nextHeartbeat: Double
    }

    /// How long a tick is; what has a time happens up to one tick later.
    private static let tick = Duration.milliseconds(20)

    let settings: MasterSettings
    let log: Logger
    private(set) var core: MasterCore
    private(set) var phase = Phase.recovering(until: .infinity)
    public private(set) var leadership = Leadership.leader
    var faults = FaultPlan()
    private var streams: [String: OpenStream] = [:]
    private var links: [AgentLink] = []
    private var linkTasks: [Task<Void, Never>] = []
    /// When the agents find a restarted master; nil if they have.
    private var agentsReturnAt: Double?
    private var heldUpdates: [(stream: String, event: MesosEvent)] = []
    private let address: String
    private let hostname: String
    private var port = 0

    /// - Parameter address: the IPv4 address that the master listens on.
    public init(settings: MasterSettings, address: String, hostname: String, log: Logger) {
        self.settings = settings
        self.address = address
        self.hostname = hostname
        self.log = log
        core = Self.newCore(settings, address, hostname, port: 0)
    }

    /// Says which port the master listens on, before anything else is asked of it.
    public func listens(on port: Int) {
        self.port = port
        core = Self.newCore(settings, address, hostname, port: port)
        phase = .working
    }

    public var masterInfo: MesosMasterInfo { core.info }

    /// The agents, with their ids, whether the master knows them at the moment or not.
    public var agentInfos: [MesosAgentInfo] { links.map(\.info) }

    /// Where clients find the master: `host:port`.
    public var location: String { "\(hostname):\(port)" }

    public func lead(_ leadership: Leadership) {
        guard leadership != self.leadership else { return }
        let was = self.leadership
        self.leadership = leadership
        switch leadership {
        case .leader: log.info("this master leads")
        case .follower(let leader): log.info("the master at \(leader) leads")
        case .none: log.info("no master leads")
        }
        if was == .leader { cutStreams(of: nil) }
    }

    /// The agent at an address.
    func link(address: String) -> AgentLink? { links.first { $0.address == address } }

    /// A new agent; its id is in its work directory's paths, so it needs it before it can run.
    public func register(_ info: MesosAgentInfo, address: String) -> String {
        core.advance(to: Self.now)
        let total = ResourceSet(info.resources)
        let id = core.register(info, address: address, total: total)
        var info = info
        info.id.value = id
        let (commands, input) = AsyncStream.makeStream(of: AgentLink.Command.self)
        links.append(AgentLink(info: info, address: address, total: total, commands: input))
        pendingCommands[id] = commands
        performActions()
        return id
    }

    private var pendingCommands: [String: AsyncStream<AgentLink.Command>] = [:]

    /// Connects a registered agent with what runs its tasks.
    ///
    /// - Parameter messages: what the agent tells, until it is closed.
    public func attach(_ runner: any TaskRunner, to agent: String, messages: AsyncStream<AgentMessage>) {
        guard let commands = pendingCommands.removeValue(forKey: agent) else { return }
        linkTasks.append(Task { await AgentLink.perform(commands, on: runner) })
        linkTasks.append(
            Task { [weak self] in
                for await message in messages { await self?.receive(message, from: agent) }
            }
        )
    }

    /// Lets time pass until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            advance()
            try? await Task.sleep(for: Self.tick)
        }
        cutStreams(of: nil)
        for task in linkTasks { task.cancel() }
    }

    private func advance() {
        let now = Self.now
        switch phase {
        case .working: break
        case .down(let until, let then): if now >= until { phase = .recovering(until: then) }
        case .recovering(let until): if now >= until { phase = .working }
        }
        if let time = agentsReturnAt, time <= now, case .working = phase {
            agentsReturnAt = nil
            for link in links where core.agents[link.info.id.value].map({ $0.isRecovered }) ?? true { bringBack(link) }
        }
        change { $0.advance(to: now) }
        sendHeartbeats(now)
    }

    private func sendHeartbeats(_ now: Double) {
        for (id, open) in streams where open.nextHeartbeat <= now {
            streams[id]?.nextHeartbeat = now + settings.heartbeatInterval
            if !faults.stopsHeartbeats { open.stream.send(.heartbeat) }
        }
    }

    private func receive(_ message: AgentMessage, from agent: String) {
        guard let index = links.firstIndex(where: { $0.info.id.value == agent }) else { return }
        core.advance(to: Self.now)
        switch message {
        case .update(let framework, let status):
            links[index].note(framework, status)
            core.update(from: agent, framework: framework.value, status)
        case .finished(let framework, let task):
            core.finished(on: agent, framework: framework.value, task: task.value)
        }
        performActions()
    }

    /// Changes the state now, and performs what follows.
    @discardableResult
    func change<Result>(_ body: (inout MasterCore) -> Result) -> Result {
        core.advance(to: Self.now)
        let result = body(&core)
        performActions()
        return result
    }

    private func performActions() {
        for action in core.takeActions() {
            switch action {
            case .send(let stream, let event): deliver(event, to: stream)
            case .end(let stream): streams.removeValue(forKey: stream)?.stream.end()
            case .launch(let agent, let framework, let task, let record):
                withLink(agent) { $0.launch(framework, task, record) }
            case .kill(let agent, let framework, let task, let policy):
                withLink(agent) { $0.command(.kill(.of(framework), .of(task), policy)) }
            case .acknowledge(let agent, let framework, let task, let uuid):
                withLink(agent) { $0.acknowledge(.of(framework), .of(task), uuid) }
            case .shutDown(let agent, let framework): withLink(agent) { $0.shutDown(.of(framework)) }
            case .abandon(let agent): withLink(agent) { $0.abandon() }
            case .resend(let agent, let framework): withLink(agent) { $0.command(.resend(.of(framework))) }
            case .note(let text): log.info("\(text)")
            }
        }
    }

    private func withLink(_ agent: String, _ body: (inout AgentLink) -> Void) {
        guard let index = links.firstIndex(where: { $0.info.id.value == agent }) else { return }
        body(&links[index])
    }

    private func deliver(_ event: MesosEvent, to id: String) {
        guard let stream = streams[id]?.stream else { return }
        guard event.type == .update else { return stream.send(event) }
        if faults.droppedUpdates > 0 {
            faults.droppedUpdates -= 1
        } else if faults.reorderedUpdates > 0 {
            faults.reorderedUpdates -= 1
            heldUpdates.append((id, event))
            if faults.reorderedUpdates == 0 { releaseUpdates() }
        } else {
            stream.send(event)
            if faults.duplicatedUpdates > 0 {
                faults.duplicatedUpdates -= 1
                stream.send(event)
            }
        }
    }

    /// Sends the updates that were held back, last first.
    func releaseUpdates() {
        for held in heldUpdates.reversed() { streams[held.stream]?.stream.send(held.event) }
        heldUpdates = []
    }

    /// Opens the stream of a SUBSCRIBE call that is valid as such.
    func subscribe(_ call: MesosCall.Subscribe, _ type: MediaType, principal: String?) -> EventStream {
        let stream = EventStream(id: UUIDText.random(), type: type)
        streams[stream.id] = OpenStream(stream: stream, nextHeartbeat: Self.now + settings.heartbeatInterval)
        change { $0.subscribe(call, stream: stream.id, principal: principal) }
        return stream
    }

    /// The client of a stream has gone.
    func closed(_ stream: EventStream) {
        guard streams.removeValue(forKey: stream.id) != nil else { return }
        change { $0.disconnect(stream: stream.id) }
    }

    /// The streams of a framework, or all.
    func streams(of framework: String?) -> [EventStream] {
        streams.values.map(\.stream).filter { stream in
            framework == nil || core.frameworks[framework ?? ""]?.stream == stream.id
        }
    }

    /// Breaks the connections of streams, as a network does: the master notices too.
    func cutStreams(of framework: String?) {
        for stream in streams(of: framework) {
            stream.cut()
            closed(stream)
        }
    }

    /// A new master in place of this one, as after a crash: all that is not in the registry is forgotten. The agents
    /// and their tasks live on.
    func restart(_ restart: MasterRestart) {
        let now = Self.now
        for open in streams.values { open.stream.cut() }
        streams = [:]
        heldUpdates = []
        let old = core
        core = Self.newCore(settings, address, hostname, port: port)
        for index in links.indices {
            guard let agent = old.agents[links[index].info.id.value] else { continue }
            links[index].total = agent.total
            if restart.keepsRegistry { core.remember(agent) }
        }
        phase = .down(until: now + restart.down, then: now + restart.down + restart.recovering)
        agentsReturnAt = now + restart.down + restart.recovering + restart.agents
        performActions()
    }

    /// An agent that was away finds the master again.
    func bringBack(agent id: String) -> Bool {
        links.first { $0.info.id.value == id }.map { bringBack($0) } ?? false
    }

    @discardableResult
    private func bringBack(_ link: AgentLink) -> Bool {
        let (info, address, total, tasks) = (link.info, link.address, link.total, link.allTasks)
        return change { $0.reregister(info, address: address, total: total, tasks) }
    }

    /// An agent's machine dies with all its tasks.
    func crash(agent id: String) {
        withLink(id) { $0.abandon() }
        change { $0.disconnect(agent: id) }
    }

    private static func newCore(
        _ settings: MasterSettings,
        _ address: String,
        _ hostname: String,
        port: Int
    ) -> MasterCore {
        let info = MesosMasterInfo(id: UUIDText.random(), address: address, hostname: hostname, port: port)
        return MasterCore(settings: settings, info: info, now: now)
    }
}
