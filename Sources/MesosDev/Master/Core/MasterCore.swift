import MesosProtocol

/// A Mesos master as a state machine: no I/O, no clock, no threads.
///
/// Calls and what agents tell come in as functions, with the time; what is to be done comes out of ``takeActions()``,
/// in order. Its words, reasons and the order of its events are those of a real master's recordings.
struct MasterCore: Sendable {
    let settings: MasterSettings
    let info: MesosMasterInfo
    /// Seconds of the Unix epoch.
    let startedAt: Double
    /// Seconds of the Unix epoch; set by ``advance(to:)``.
    private(set) var now: Double

    var frameworks: [String: FrameworkRecord] = [:]
    /// The ids of ``frameworks``, the oldest first.
    var frameworkOrder: [String] = []
    /// The oldest first.
    var completedFrameworks: [FrameworkRecord] = []
    var agents: [String: AgentRecord] = [:]
    /// The ids of ``agents``, the oldest first.
    var agentOrder: [String] = []
    var offers: [String: OfferRecord] = [:]
    var inverseOffers: [String: InverseOfferRecord] = [:]
    /// Until when a framework is not to be asked again for an agent's resources.
    var inverseOfferFilters: [InverseOfferFilter] = []
    var maintenance: [MaintenanceWindow] = []
    /// Whether reconciliation is answered; a fault switch.
    var answersReconciliation = true

    private var nextFramework = 0
    private var nextAgent = 0
    private var nextOffer = 0
    private var lastAllocation: Double
    private var actions: [MasterAction] = []

    init(settings: MasterSettings, info: MesosMasterInfo, now: Double) {
        self.settings = settings
        self.info = info
        self.now = now
        startedAt = now
        lastAllocation = now
    }

    /// What is to be done since the last call, in order.
    mutating func takeActions() -> [MasterAction] {
        defer { actions = [] }
        return actions
    }

    /// Lets time pass: everything that is due by then happens.
    mutating func advance(to time: Double) {
        now = max(now, time)
        expireFrameworks()
        expireAgents()
        expireOffers()
        guard now >= lastAllocation + settings.allocationInterval else { return }
        allocate()
    }

    /// Makes offers of what is free, to all frameworks.
    mutating func allocate() {
        lastAllocation = now
        allocateResources(to: nil)
        sendInverseOffers()
    }

    mutating func perform(_ action: MasterAction) { actions.append(action) }

    /// Sends an event to a framework if it is connected. It is lost otherwise, as in Mesos.
    mutating func send(_ event: MesosEvent, to framework: String) {
        guard let stream = frameworks[framework]?.stream else { return }
        perform(.send(stream: stream, event))
    }

    mutating func newFrameworkID() -> String {
        defer { nextFramework += 1 }
        let digits = String(nextFramework)
        return info.id + "-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    mutating func newAgentID() -> String {
        defer { nextAgent += 1 }
        return "\(info.id)-S\(nextAgent)"
    }

    mutating func newOfferID() -> String {
        defer { nextOffer += 1 }
        return "\(info.id)-O\(nextOffer)"
    }

    /// The frameworks in the order of their registration.
    var allFrameworks: [FrameworkRecord] { frameworkOrder.compactMap { frameworks[$0] } }

    /// The agents in the order of their registration.
    var allAgents: [AgentRecord] { agentOrder.compactMap { agents[$0] } }

    /// The time as Mesos's TimeInfo has it.
    var nanoseconds: Int64 { Int64(now * 1_000_000_000) }
}
