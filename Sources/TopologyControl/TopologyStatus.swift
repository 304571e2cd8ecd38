import FoundationEssentials
import HeronJSON
import HeronModel
import HeronState
import SchedulerCore

/// All that is known about a topology, as `heron status` shows it; its JSON is the command's output.
public struct TopologyStatus: Codable, Sendable, Hashable {
    public var summary: TopologySummary
    /// Where the scheduler's service listens, or why there is none.
    public var scheduler: String
    /// Where the topology manager's controller listens; nil if none is registered.
    public var tmanager: String?
    public var jobLinks: [String]
    /// What the scheduler's plugin tells of itself, see ``SchedulerStatus``; nil if nothing.
    public var schedulerStatus: JSONValue?
    public var containers: [SchedulerStatus.Container]
    public var processes: [ProcessStatus]

    enum CodingKeys: String, CodingKey {
        case summary = "topology"
        case scheduler, tmanager, containers, processes
        case jobLinks = "job_links"
        case schedulerStatus = "scheduler_status"
    }

    /// Gathers the status; what does not answer is told in its place, and is no error.
    public static func of(_ topology: RunningTopology) async throws -> TopologyStatus {
        let location: TManagerLocation? = try await topology.state.tmanagerLocation(topology.name)
        var status = TopologyStatus(
            summary: try await .of(topology),
            scheduler: "",
            tmanager: location.map { "\($0.host):\($0.controllerPort)" },
            jobLinks: try await topology.state.schedulerLocation(topology.name)?.jobPageLink ?? [],
            containers: [],
            processes: try await processes(topology)
        )
        switch try await SchedulerAccess.of(topology) {
        case .service(let client): await status.ask(client)
        case .library: status.scheduler = "none; each command schedules (heron.scheduler.is.service is false)"
        case .dead:
            let way: String = status.summary.isBeingKilled ? "end the topology" : "start it"
            let command: String = status.summary.isBeingKilled ? "kill" : "scheduler start"
            status.scheduler = "dead; \(way) with: heron \(command)"
        case .unknown: status.scheduler = "unknown"
        }
        return status
    }

    private mutating func ask(_ client: SchedulerClient) async {
        do {
            let status: SchedulerStatus = try await client.status()
            containers = status.containers
            // Those in the state are as old as the service.
            jobLinks = status.jobLinks
            schedulerStatus = status.scheduler
            scheduler = client.endpoint
        } catch {
            scheduler = "\(client.endpoint), does not answer: \(error)"
        }
    }

    private static func processes(_ topology: RunningTopology) async throws -> [ProcessStatus] {
        let folder: StatePath = try .processStatuses(of: topology.name)
        var result: [ProcessStatus] = []
        for name in try await topology.state.children(folder) {
            guard let node: StateNode = try await topology.state.get(try folder.appending(name)) else { continue }
            // An executor of another version may say it differently; the rest of the status is worth showing anyway.
            result += (try? JSONDecoder().decode([ProcessStatus].self, from: Data(node.data))) ?? []
        }
        return result.sorted { ($0.container, $0.name) < ($1.container, $1.name) }
    }
}
