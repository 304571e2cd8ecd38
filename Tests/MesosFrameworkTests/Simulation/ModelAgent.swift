import MesosFramework
import MesosProtocol

/// An agent of the model: what really runs there, whether or not the master knows.
struct ModelAgent {
    struct Task {
        let id: String
        let resources: [MesosResource]
        let generation: UInt32
        /// What the executor has reached; terminal once the process is gone.
        var state: MesosTaskState = .taskStaging
        var reason: MesosTaskStatus.Reason?
        /// Not acknowledged yet, the oldest first; only that one is sent.
        var updates: [MesosTaskStatus] = []
        var retryPause: Moment = 10_000

        var isLive: Bool { !ModelAgent.isTerminal(state) }
    }

    let id: String
    let cpus: Int64
    /// Whether the master and it can talk.
    var isConnected = true
    /// Whether the master has given it up.
    var isUnreachable = false
    /// Whether the machine is gone for good, and every process with it.
    var isDead = false
    /// Whether this master has heard of it since the master started.
    var isRegistered = true
    /// When it could not, or cannot, be talked to last.
    var troubledAt: Moment = .min / 2
    var tasks: [String: Task] = [:]

    init(id: String, cpus: Int64) {
        self.id = id
        self.cpus = cpus
    }

    static func isTerminal(_ state: MesosTaskState) -> Bool {
        switch state {
        case .taskFinished, .taskFailed, .taskKilled, .taskError, .taskLost, .taskDropped, .taskGone,
            .taskGoneByOperator:
            true
        default: false
        }
    }

    /// In thousandths.
    var freeCPUs: Int64 {
        cpus - tasks.values.filter(\.isLive).reduce(0) { $0 + ModelAgent.milliCPUs($1.resources) }
    }

    static func milliCPUs(_ resources: [MesosResource]) -> Int64 {
        resources.filter { $0.name == "cpus" }.reduce(0) { $0 + Int64(($1.scalar.value * 1000).rounded()) }
    }

    var usedPorts: Set<UInt64> {
        Set(
            tasks.values.filter(\.isLive).flatMap(\.resources).filter { $0.name == "ports" }
                .flatMap { $0.ranges.range.flatMap { Array($0.begin...$0.end) } }
        )
    }

    /// Everything that is free, as an offer has it.
    var freeResources: [MesosResource] {
        let used = usedPorts
        let ports = (31_000...31_099).map(UInt64.init).filter { !used.contains($0) }
        return [
            ModelAgent.scalar("cpus", Double(freeCPUs) / 1000),
            ModelAgent.scalar("mem", 65_536), ModelAgent.scalar("disk", 65_536),
            MesosResource.with { resource in
                resource.name = "ports"
                resource.type = .ranges
                resource.allocationInfo.role = "*"
                resource.ranges.range = ports.map { port in
                    MesosValue.Range.with { range in
                        range.begin = port
                        range.end = port
                    }
                }
            },
        ]
    }

    private static func scalar(_ name: String, _ value: Double) -> MesosResource {
        MesosResource.with { resource in
            resource.name = name
            resource.type = .scalar
            resource.allocationInfo.role = "*"
            resource.scalar.value = value
        }
    }
}
