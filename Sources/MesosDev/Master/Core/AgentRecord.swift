import MesosProtocol

/// What a master knows of an agent.
struct AgentRecord: Sendable {
    enum Presence: Sendable, Hashable {
        case connected
        /// The connection is broken; unreachable at the time given unless it comes back.
        case disconnected(until: Double)
        /// In the registry of a restarted master, not yet back; unreachable at the time given unless it comes back.
        case recovered(until: Double)
        /// - since: nanoseconds of the Unix epoch.
        case unreachable(since: Int64)
        /// Unregistered; may come back.
        case removed
        /// Marked gone by an operator; never comes back.
        case gone
    }

    let info: MesosAgentInfo
    /// The address it listens on.
    let address: String
    /// All resources, those reserved too, not allocated to anybody.
    var total: ResourceSet
    var presence = Presence.connected
    let registeredAt: Double
    var reregisteredAt: Double?
    /// What maintenance is planned for its machine.
    var unavailability: MesosUnavailability?
    /// What was to be killed while the agent was away: (framework, task, policy).
    var pendingKills: [PendingKill] = []

    var id: String { info.id.value }
    var isConnected: Bool { presence == .connected }
    /// Whether the master counts it among its agents, connected or not.
    var isRegistered: Bool {
        switch presence {
        case .connected, .disconnected: true
        case .recovered, .unreachable, .removed, .gone: false
        }
    }
    var isRecovered: Bool { if case .recovered = presence { true } else { false } }

    var url: MesosURL {
        .with {
            $0.scheme = "http"
            $0.address.hostname = info.hostname
            $0.address.ip = address
            $0.address.port = info.port
            $0.path = "/slave(1)"
        }
    }

    /// libprocess's name of the agent.
    var pid: String { "slave(1)@\(address):\(info.port)" }
}

/// A KILL for a task whose agent is away.
struct PendingKill: Sendable {
    let framework: String
    let task: String
    let policy: MesosKillPolicy?
}
