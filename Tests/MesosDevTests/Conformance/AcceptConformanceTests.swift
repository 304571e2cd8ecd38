import MesosProtocol
import Testing

@testable import MesosDevMaster

/// ACCEPT calls that a real master refused, whole or in part, sent to ours: the same statuses from the master.
@Suite(.enabled(if: Recording.isThere, "\(Recording.missing)"), .timeLimit(.minutes(1)))
struct AcceptConformanceTests {
    /// What a real agent refuses, or what is not simulated: the container of a task.
    private static let left: Set = [
        "docker-container-no-docker", "mesos-container-image", "mesos-container-plain", "uri-fetch-fails",
        "no-such-user",
    ]

    @Test("ACCEPT is checked as recorded", arguments: ["07c", "07c-pa"])
    func accept(_ prefix: String) async throws {
        let recording = try Recording("\(prefix)-accept-errors-stream")
        var settings = MasterSettings()
        settings.allocationInterval = 0.05
        let ended: MasterHarness.Script = Dictionary(
            uniqueKeysWithValues: ["fits", "fits2", "zero", "memonly", "cpuonly", "tiny", "a b"].map { task in
                (task, (atOnce: [Self.state(.taskStarting), Self.state(.taskFinished)], onKill: []))
            }
        )
        try await MasterHarness.run(agents: 2, settings: settings, script: ended) { harness in
            let stream = try await RecordedStream(recording, harness)
            let client = AcceptClient(stream)
            try await client.sendFirst("\(prefix)-first-accept", recording)
            for step in recording.steps where !Self.left.contains(step.note) {
                let name = "\(prefix)-\(step.note)"
                try await client.send(name, refusing: step.events.compactMap { $0["update"]?["status"] })
            }
            stream.close()
        }
    }

    private static func state(_ state: MesosTaskState) -> MesosTaskStatus {
        .with {
            $0.state = state
            $0.source = .executor
        }
    }
}

/// Sends recorded ACCEPT calls on offers of ours.
private final class AcceptClient {
    private let stream: RecordedStream
    /// The offers that ours has and that are not used yet, by agent.
    private var held: [String: JSONValue] = [:]
    private var used: Set<String> = []

    init(_ stream: RecordedStream) { self.stream = stream }

    /// The first call decides which agent of ours is that of the recording.
    func sendFirst(_ name: String, _ recording: Recording) async throws {
        let call = try Recording(name).call
        for id in call.accept.offerIds { used.insert(id.value) }
        try await stream.send(name)
    }

    func send(_ name: String, refusing recorded: [JSONValue]) async throws {
        let call = try Recording(name).call
        for id in call.accept.offerIds.map(\.value) where !used.contains(id) && id != "bogus-O1" {
            // Any outstanding offer of the agent will do.
            let agent = try agent(of: id)
            let offer = try await wholeOffer(of: agent)
            stream.learn(id, offer?["id"]?["value"]?.string)
            used.insert(id)
        }
        try await stream.send(name)
        let wanted = recorded.filter { $0["uuid"] == nil }.map { Shape.of($0).text }.sorted()
        var ours: [String] = []
        while ours.count < wanted.count {
            if let status = try await readEvent() { ours.append(Shape.of(status).text) }
        }
        #expect(ours.sorted() == wanted, "\(name)")
    }

    /// An offer of all that the agent has free. What a task gave back is offered alone while other offers are held.
    private func wholeOffer(of agent: String) async throws -> JSONValue? {
        while true {
            if let offer = held.removeValue(forKey: agent) {
                let names = Set((offer["resources"]?.elements ?? []).compactMap { $0["name"]?.string })
                if names.isSuperset(of: ["cpus", "mem", "disk", "ports"]) { return offer }
                try await stream.decline(offer)
            }
            try await readEvent()
        }
    }

    /// Our agent that made the recorded offer.
    private func agent(of offer: String) throws -> String {
        for event in stream.recording.events {
            for entry in event["offers"]?["offers"]?.elements ?? [] where entry["id"]?["value"]?.string == offer {
                guard let agent = entry["agent_id"]?["value"]?.string, let ours = stream.ids[agent] else { break }
                return ours
            }
        }
        throw WireError("offer \(offer) is not in the recording")
    }

    /// Takes the next event; offers are kept, updates of agents acknowledged.
    ///
    /// - Returns: a status that the master made.
    @discardableResult
    private func readEvent() async throws -> JSONValue? {
        let event = try await stream.event()
        for offer in event["offers"]?["offers"]?.elements ?? [] {
            held[offer["agent_id"]?["value"]?.string ?? ""] = offer
        }
        guard let status = event["update"]?["status"] else { return nil }
        guard status["uuid"] != nil else { return status }
        try await stream.acknowledge(status)
        return nil
    }
}
