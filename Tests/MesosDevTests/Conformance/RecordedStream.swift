import MesosProtocol
import Testing

@testable import MesosDevMaster

/// A recorded subscription made again: events are taken off it one by one, next to those that were recorded.
final class RecordedStream {
    let recording: Recording
    let harness: MasterHarness
    /// What stands for the recorded ids, filled by the events.
    private(set) var ids = IDMap()
    private(set) var status: Int
    private let connection: WireConnection
    private var response: WireResponse
    private let isProtobuf: Bool

    /// Subscribes and reads SUBSCRIBED, and OFFERS if the recording has them at its beginning.
    init(_ recording: Recording, _ harness: MasterHarness, ids: IDMap = IDMap()) async throws {
        self.recording = recording
        self.harness = harness
        self.ids = ids
        (connection, response) = try await harness.send(try recording.request(ids))
        status = response.status
        let type = Recording.header("Content-Type", in: recording.responseHead)
        #expect(response.header("Content-Type") == type, "\(recording.name)")
        isProtobuf = type == "application/x-protobuf"
        let stream = Recording.header("Mesos-Stream-Id", in: recording.responseHead)
        #expect((response.header("Mesos-Stream-Id") == nil) == (stream == nil), "\(recording.name)")
        #expect(response.header("Transfer-Encoding") == "chunked", "\(recording.name)")
        self.ids.add(stream, response.header("Mesos-Stream-Id"))
        for recorded in recording.events.prefix(3) where recorded["type"] != .string("HEARTBEAT") {
            guard let type = recorded["type"]?.string, ["SUBSCRIBED", "OFFERS", "ERROR"].contains(type) else { break }
            let ours = try await event()
            if type == "OFFERS" {
                learn(offers: recorded, ours)
                let shapes = [recorded, ours].map { Shape.of($0) }
                #expect(shapes[0] == shapes[1], "\(recording.name)")
            } else {
                self.ids.add(Self.framework(recorded), Self.framework(ours))
                let texts = [recorded, ours].map { Shape.of($0).text }
                #expect(texts[0] == texts[1], "\(recording.name)")
            }
        }
    }

    private static func framework(_ event: JSONValue) -> String? {
        event["subscribed"]?["framework_id"]?["value"]?.string
    }

    /// The next event of ours that is no heartbeat.
    func event() async throws -> JSONValue {
        while let record = try await response.record() {
            let event: JSONValue
            if isProtobuf {
                event = MessageJSON.value(try MesosEvent(serializedBytes: record, partial: true))
            } else {
                event = try JSONValue(parsing: record)
            }
            if event["type"] != .string("HEARTBEAT") { return event }
        }
        throw WireError("\(recording.name): the stream ended")
    }

    /// The next status update of ours, offers aside.
    func status() async throws -> JSONValue {
        while true {
            let event = try await event()
            if let status = event["update"]?["status"] { return status }
        }
    }

    /// The next offers of ours.
    func offers() async throws -> JSONValue {
        while true {
            let event = try await event()
            if event["type"] == .string("OFFERS") { return event }
        }
    }

    /// Whether the stream ends with the last chunk while its connection stays open.
    func ends() async throws -> Bool {
        while try await response.record() != nil {}
        return response.isEnded
    }

    /// The id of this stream.
    var streamID: String? { response.header("Mesos-Stream-Id") }

    func close() { connection.close() }

    /// Pairs the offers of two events by their agents.
    func learn(offers recorded: JSONValue, _ ours: JSONValue) {
        var rest = ours["offers"]?["offers"]?.elements ?? []
        for offer in recorded["offers"]?["offers"]?.elements ?? [] {
            let agent = offer["agent_id"]?["value"]?.string
            let known = agent.flatMap { ids[$0] }
            let match = rest.firstIndex { known == nil || $0["agent_id"]?["value"]?.string == known }
            guard let match else { continue }
            let own = rest.remove(at: match)
            ids.add(agent, own["agent_id"]?["value"]?.string)
            ids.add(offer["id"]?["value"]?.string, own["id"]?["value"]?.string)
        }
    }

    /// Acknowledges a status of ours.
    func acknowledge(_ status: JSONValue) async throws {
        let members = ["agent_id", "task_id", "uuid"].map { "\"\($0)\":\(status[$0]?.text ?? "")" }
        try await call("ACKNOWLEDGE", "\"acknowledge\":{\(members.joined(separator: ","))}")
    }

    /// Declines an offer of ours, to have it again at once.
    func decline(_ offer: JSONValue) async throws {
        let id = offer["id"]?.text ?? ""
        try await call("DECLINE", "\"decline\":{\"offer_ids\":[\(id)],\"filters\":{\"refuse_seconds\":0}}")
    }

    private func call(_ type: String, _ member: String) async throws {
        let framework = ids.replace(in: Recording.framework(of: recording))
        let body = "{\"framework_id\":{\"value\":\"\(framework)\"},\"type\":\"\(type)\",\(member)}"
        let request = MasterHarness.post("/api/v1/scheduler", body, ["Mesos-Stream-Id": streamID ?? ""])
        let (connection, response) = try await harness.send(request)
        #expect(response.status == 202)
        connection.close()
    }

    func learn(_ recorded: String?, _ ours: String?) { ids.add(recorded, ours) }

    /// Sends a recorded call with our ids, and compares the answer's status.
    func send(_ name: String) async throws {
        let call = try Recording(name)
        let (connection, response) = try await harness.send(try call.request(ids))
        #expect(response.status == call.status, "\(name)")
        #expect(
            response.header("Content-Length") == Recording.header("Content-Length", in: call.responseHead),
            "\(name)"
        )
        connection.close()
    }
}
