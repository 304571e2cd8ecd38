import Hummingbird
import MesosProtocol

/// `POST /api/v1`, the operator API, in JSON; and the older `POST /teardown`.
struct OperatorEndpoint: Sendable {
    let master: DevMaster

    func respond(_ body: [UInt8], _ type: MediaType) async throws(MasterRefusal) -> Response {
        guard type == .json else {
            throw MasterRefusal(status: 415, text: "heron-mesos-dev reads operator calls as application/json only")
        }
        let call = try CallReader.json(body)
        guard call.members != nil else {
            throw .badRequest("Failed to convert JSON into Call protobuf: Expecting a JSON object")
        }
        guard let name = call["type"]?.string, Self.types.contains(name) else {
            throw .badRequest("Failed to validate master::Call: Expecting 'type' to be present")
        }
        switch name {
        case "TEARDOWN":
            try await tearDown(try Self.id(call, "teardown", "framework_id"))
            return Response(status: .ok)
        case "MARK_AGENT_GONE":
            let id = try Self.id(call, "mark_agent_gone", "agent_id")
            guard await master.change({ $0.markGone(agent: id) }) else {
                throw MasterRefusal(status: 404, text: "Agent not found")
            }
            return Response(status: .ok)
        case "UPDATE_MAINTENANCE_SCHEDULE":
            guard let schedule = call["update_maintenance_schedule"]?["schedule"],
                let windows = MaintenanceJSON.windows(schedule)
            else { throw Self.missing("update_maintenance_schedule") }
            await master.change { $0.setMaintenance(windows) }
            return Response(status: .ok)
        default:
            guard let value = OperatorJSON(core: await master.core).answer(name) else {
                throw MasterRefusal(status: 501, text: "heron-mesos-dev does not know \(name)")
            }
            return MasterHTTP.response(value)
        }
    }

    /// `frameworkId=…` as a form.
    func tearDown(form body: [UInt8]) async throws(MasterRefusal) -> Response {
        let parameters = String(decoding: body, as: UTF8.self).split(separator: "&")
        guard let parameter = parameters.first(where: { $0.hasPrefix("frameworkId=") }) else {
            throw .badRequest("Missing 'frameworkId' query parameter in the request body")
        }
        try await tearDown(String(parameter.dropFirst("frameworkId=".count)))
        return Response(status: .ok)
    }

    private func tearDown(_ id: String) async throws(MasterRefusal) {
        let isThere = await master.change { core in
            guard core.frameworks[id] != nil else { return false }
            core.tearDown(id)
            return true
        }
        guard isThere else { throw .badRequest("No framework found with specified ID") }
    }

    private static func id(_ call: JSONValue, _ member: String, _ name: String) throws(MasterRefusal) -> String {
        guard let id = call[member]?[name]?["value"]?.string else { throw missing(member) }
        return id
    }

    private static func missing(_ member: String) -> MasterRefusal {
        .badRequest("Failed to validate master::Call: Expecting '\(member)' to be present")
    }

    /// The calls that Mesos knows, those too that are not simulated.
    private static let types: Set<String> = [
        "GET_HEALTH", "GET_FLAGS", "GET_VERSION", "GET_METRICS", "GET_LOGGING_LEVEL", "SET_LOGGING_LEVEL", "LIST_FILES",
        "READ_FILE", "GET_STATE", "GET_AGENTS", "GET_FRAMEWORKS", "GET_EXECUTORS", "GET_OPERATIONS", "GET_TASKS",
        "GET_ROLES", "GET_WEIGHTS", "UPDATE_WEIGHTS", "GET_MASTER", "SUBSCRIBE", "RESERVE_RESOURCES",
        "UNRESERVE_RESOURCES", "CREATE_VOLUMES", "DESTROY_VOLUMES", "GROW_VOLUME", "SHRINK_VOLUME",
        "GET_MAINTENANCE_STATUS", "GET_MAINTENANCE_SCHEDULE", "UPDATE_MAINTENANCE_SCHEDULE", "START_MAINTENANCE",
        "STOP_MAINTENANCE", "GET_QUOTA", "UPDATE_QUOTA", "SET_QUOTA", "REMOVE_QUOTA", "TEARDOWN", "MARK_AGENT_GONE",
        "DRAIN_AGENT", "DEACTIVATE_AGENT", "REACTIVATE_AGENT",
    ]
}
