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
        if let client: SchedulerClient = try await .connect(to: topology.name, topology.state) {
            return .service(client)
        }
        guard let record = try await ServiceRecord.load(topology.name, from: topology.state) else { return .unknown }
        let location: SchedulerLocation? = try await topology.state.schedulerLocation(topology.name)
        return location?.httpEndpoint == InProcessScheduler.endpoint ? .library(record) : .dead(record)
    }
}
