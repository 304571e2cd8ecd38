import HeronConfig
import HeronState
import HeronYAML
import PluginHost
import SchedulerCore

/// Has a topology's scheduler end it, or takes the scheduler's place where that is dead.
struct ContainersEnd {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    private static let settleLimit = Duration.seconds(30)

    init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Marks the topology and ends all its containers; returns warnings about what could not be seen to.
    ///
    /// A service that lives but cannot be reached is an error: whoever took its place would be the second scheduler.
    func run() async throws -> [String] {
        switch try await settledAccess() {
        case .service(let client):
            try await mark()
            try await client.kill()
            return []
        case .library(let record), .dead(let record):
            return try await killFromHere(record)
        case .unknown:
            // Another kill may have been faster.
            guard try await topology.state.topology(topology.name) != nil else { return [] }
            return ["the state does not say where '\(topology.name)' ran; only its state was removed"]
        }
    }

    private func mark() async throws {
        try await KillMark.set(topology.name, in: topology.state)
    }

    /// How the scheduler can be reached, once one that is just starting or ending has done so.
    private func settledAccess() async throws -> SchedulerAccess {
        let deadline: ContinuousClock.Instant = .now + ContainersEnd.settleLimit
        while true {
            let access: SchedulerAccess = try await .of(topology)
            if case .service = access { return access }
            guard
                try await LiveServiceGuard.holding(of: topology.name, topology.state) == .taken,
                .now < deadline
            else { return access }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// No service lives: this command takes the scheduler's place, re-finds the containers, and ends them.
    private func killFromHere(_ record: ServiceRecord) async throws -> [String] {
        guard record.host == ServiceRecord.ownHost() else { return try await killFromElsewhere(record) }
        let isRepeated: Bool = try await KillMark.stands(topology.name, in: topology.state)
        try await mark()
        do {
            try await cluster.scheduler(of: topology, record).kill()
            return []
        } catch  where error is ConfigError || error is YAMLError {
            try await cluster.scheduler(of: topology, record, ownConfiguration: false).kill()
            // With the containers went the directory: an earlier kill came that far.
            if isRepeated, !ServiceRecord.isDirectory(record.workingDirectory) { return [] }
            return ["\(record.workingDirectory) has lost its configuration (\(error)); that of the cluster was used"]
        }
    }

    /// The scheduler ran on another machine, with a directory that is of no use here.
    private func killFromElsewhere(_ record: ServiceRecord) async throws -> [String] {
        guard try containerPlace() == .remote else {
            throw ControlError(
                "the scheduler of '\(topology.name)' ran on \(record.host) and is dead",
                hint: "run this command on \(record.host)"
            )
        }
        try await mark()
        var own: ServiceRecord = record
        own.workingDirectory = ""
        try await cluster.scheduler(of: topology, own, ownConfiguration: false).kill()
        return ["the scheduler's directory \(record.workingDirectory) is left on \(record.host); remove it there"]
    }

    private func containerPlace() throws -> ContainerPlace {
        let className: String = try cluster.config(of: topology).string(.schedulerClass)
        return try PluginCatalog.scan(.standard(heronHome: cluster.heronHome))
            .resolve(.scheduler, className: className).containers
    }
}
