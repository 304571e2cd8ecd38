import MesosProtocol

@testable import MesosDevMaster

/// A framework of a test, in JSON.
final class TestFramework {
    let harness: MasterHarness
    let id: String
    let streamID: String
    private let connection: WireConnection
    private var response: WireResponse
    private var passed: [JSONValue] = []

    /// Subscribes, and takes SUBSCRIBED off the stream.
    ///
    /// - Parameter info: members of the FrameworkInfo beside name, user and id, each with a comma in front.
    init(_ harness: MasterHarness, id: String? = nil, info: String = TestFramework.multiRole) async throws {
        let named = id.map { "\"id\":{\"value\":\"\($0)\"}," } ?? ""
        let member = id.map { ",\"framework_id\":{\"value\":\"\($0)\"}" } ?? ""
        let body = """
            {"type":"SUBSCRIBE","subscribe":{"framework_info":{\(named)"user":"root","name":"test"\(info)}}\(member)}
            """
        self.harness = harness
        (connection, response) = try await harness.send(MasterHarness.post("/api/v1/scheduler", body))
        guard response.status == 200, let streamID = response.header("Mesos-Stream-Id") else {
            throw WireError("\(response.status): \(try await response.body())")
        }
        self.streamID = streamID
        guard let record = try await response.record() else { throw WireError("the stream has no event") }
        let event = try JSONValue(parsing: record)
        guard let found = event["subscribed"]?["framework_id"]?["value"]?.string else {
            throw WireError(event["error"]?["message"]?.string ?? event.text)
        }
        self.id = found
    }

    static let multiRole =
        #","roles":["*"],"failover_timeout":60,"checkpoint":true"#
        + #","capabilities":[{"type":"MULTI_ROLE"}]"#
    static let partitionAware =
        #","roles":["*"],"failover_timeout":60,"checkpoint":true"#
        + #","capabilities":[{"type":"MULTI_ROLE"},{"type":"PARTITION_AWARE"},{"type":"RESERVATION_REFINEMENT"}]"#

    /// The next event that is no heartbeat; nil after the last chunk.
    func event() async throws -> JSONValue? {
        while let record = try await response.record() {
            let event = try JSONValue(parsing: record)
            if event["type"] != .string("HEARTBEAT") { return event }
        }
        return nil
    }

    /// The next event of a type; others are kept for later.
    func event(_ type: String) async throws -> JSONValue {
        if let index = passed.firstIndex(where: { $0["type"]?.string == type }) { return passed.remove(at: index) }
        while let event = try await event() {
            if event["type"]?.string == type { return event }
            passed.append(event)
        }
        throw WireError("the stream ended before \(type)")
    }

    /// The offers of the next OFFERS event.
    func offers() async throws -> [JSONValue] {
        try await event("OFFERS")["offers"]?["offers"]?.elements ?? []
    }

    /// The status of the next UPDATE event; acknowledged if it has a uuid.
    func update(acknowledging: Bool = true) async throws -> JSONValue {
        guard let status = try await event("UPDATE")["update"]?["status"] else { throw WireError("no status") }
        if acknowledging, let uuid = status["uuid"]?.string {
            try await call(
                "ACKNOWLEDGE",
                #""acknowledge":{"agent_id":\#(status["agent_id"]?.text ?? ""),"task_id":\#(status["task_id"]?.text ?? ""),"uuid":"\#(uuid)"}"#
            )
        }
        return status
    }

    /// Sends a call and returns the status and text of the answer.
    @discardableResult
    func call(_ type: String, _ member: String? = nil) async throws -> (status: Int, text: String) {
        let tail = member.map { "," + $0 } ?? ""
        let body = "{\"framework_id\":{\"value\":\"\(id)\"},\"type\":\"\(type)\"\(tail)}"
        var (connection, response) = try await harness.send(
            MasterHarness.post("/api/v1/scheduler", body, ["Mesos-Stream-Id": streamID])
        )
        defer { connection.close() }
        return (response.status, try await response.body())
    }

    /// Launches tasks of one cpu and 64 MB each on an offer.
    func launch(_ tasks: [String], on offer: JSONValue, refuseSeconds: Double = 0) async throws {
        let agent = offer["agent_id"]?.text ?? ""
        let infos = tasks.map { task in
            """
            {"name":"\(task)","task_id":{"value":"\(task)"},"agent_id":\(agent),"resources":[\
            {"name":"cpus","type":"SCALAR","scalar":{"value":1}},{"name":"mem","type":"SCALAR","scalar":{"value":64}}],\
            "command":{"value":"sleep 100"}}
            """
        }
        try await call(
            "ACCEPT",
            #""accept":{"offer_ids":[\#(offer["id"]?.text ?? "")],"operations":[{"type":"LAUNCH","launch":{"task_infos":["#
                + infos.joined(separator: ",") + #"]}}],"filters":{"refuse_seconds":\#(refuseSeconds)}}"#
        )
    }

    func close() { connection.close() }

    /// Whether the connection ends without a last chunk.
    func isCut() async -> Bool {
        do {
            while try await event() != nil {}
            return false
        } catch {
            return true
        }
    }
}
