import HeronModel
import HeronState
import SchedulerCore

/// How a topology's scheduler can be reached now.
enum SchedulerAccess {
    /// Its service lives.
    case service(SchedulerClient)
    /// It has no service: every command schedules in its own process.
    case library(ServiceRecord)
    /// It had a service, which is gone.
    case dead(ServiceRecord)
    /// The state does not say where it ran: a submission was broken off, or another implementation submitted it.
    case unknown

    static func of(_ topology: RunningTopology) async throws -> SchedulerAccess {
        async let connection: SchedulerClient? = .connect(to: topology.name, topology.state)
        async let holding: LiveServiceGuard.Holding = LiveServiceGuard.holding(of: topology.name, topology.state)
        async let saved: ServiceRecord? = .load(topology.name, from: topology.state)
        async let location: SchedulerLocation? = topology.state.schedulerLocation(topology.name)
        // A location that a dead service has left behind leads nowhere: one of ours lives while its guard is held.
        guard let record: ServiceRecord = try await saved else {
            return try await connection.map { .service($0) } ?? .unknown
        }
        if let client: SchedulerClient = try await connection, try await holding == .taken { return .service(client) }
        return try await location?.httpEndpoint == InProcessScheduler.endpoint ? .library(record) : .dead(record)
    }
}
