import MesosProtocol
import Testing

@testable import MesosDevMaster

/// Subscriptions that a real master served, made again: the same events, with the same fields.
@Suite(.enabled(if: Recording.isThere, "\(Recording.missing)"), .timeLimit(.minutes(1)))
struct StreamConformanceTests {
    @Test("subscriptions begin as recorded", arguments: Recording.names("01").filter { !$0.contains("decline") })
    func subscriptions(_ name: String) async throws {
        // Which had a reservation that its role could not have been offered without.
        guard name != "01f-subscribe-single-role" else { return }
        try await MasterHarness.run { harness in
            let stream = try await RecordedStream(try Recording(name), harness)
            #expect(stream.status == 200)
            if name.hasPrefix("01a") { try await stream.send("01a-decline") }
            if name.hasPrefix("01g") { try await stream.send("01g-pb-decline") }
            stream.close()
        }
    }

    @Test("frameworks are refused and accepted as recorded", arguments: Recording.names("07b-subscribe-"))
    func subscriptionErrors(_ name: String) async throws {
        let recording = try Recording(name)
        try await MasterHarness.run { harness in
            guard recording.status == 200 else {
                var (connection, response) = try await harness.send(try recording.request(IDMap()))
                let text = try await response.body()
                #expect(response.status == recording.status)
                #expect(text == String(decoding: recording.responseBody, as: UTF8.self))
                return connection.close()
            }
            let stream = try await RecordedStream(recording, harness)
            if recording.events.contains(where: { $0["type"] == .string("ERROR") }) {
                let ended = try await stream.ends()
                #expect(ended)
            }
            stream.close()
        }
    }

    @Test("a framework that is torn down is gone for ever")
    func tornDown() async throws {
        try await MasterHarness.run { harness in
            let stream = try await RecordedStream(try Recording("07b-torn-stream"), harness)
            try await stream.send("07b-teardown")
            let ended = try await stream.ends()
            #expect(ended)
            try await stream.send("07b-call-after-teardown")
            let again = try await RecordedStream(
                try Recording("07b-resubscribe-torn-down-stream"),
                harness,
                ids: stream.ids
            )
            let alsoEnded = try await again.ends()
            #expect(alsoEnded)
        }
    }

    @Test("tasks are launched, told of and acknowledged as recorded", arguments: ["02", "16"])
    func launch(_ number: String) async throws {
        let (name, accept) =
            number == "02" ? ("02-launch-stream", "02-accept-launch") : ("16-protobuf-stream", "16-pb-accept")
        let recording = try Recording(name)
        let statuses = Self.statuses(recording).filter { $0.taskID.value != "noack" }
        try await MasterHarness.run(script: Self.script(statuses)) { harness in
            let stream = try await RecordedStream(recording, harness)
            try await stream.send(accept)
            let wanted = statuses.filter { $0.hasUuid && $0.state != .taskKilled }
            try await compare(
                wanted,
                stream,
                acknowledgements: Recording.names(number == "02" ? "02-ack-" : "16-pb-ack-")
            )
            guard number == "16" else { return stream.close() }
            try await stream.send("16-pb-reconcile")
            let answer = try await stream.status()
            let recorded = statuses.first { $0.reason == .reconciliation }
            #expect(Shape.of(answer).text == recorded.map { Shape.of(MessageJSON.value($0)).text })
            try await stream.send("16-pb-kill")
            try await compare(
                statuses.filter { $0.state == .taskKilled },
                stream,
                acknowledgements: Recording.names("16-pb-ack-")
            )
            try await stream.send("16-pb-garbage")
            try await stream.send("16-pb-truncated")
            try await stream.send("16-pb-teardown")
            let ended = try await stream.ends()
            #expect(ended)
        }
    }

    @Test("kills are answered as recorded")
    func kill() async throws {
        let recording = try Recording("03-kill-stream")
        let statuses = Self.statuses(recording)
        try await MasterHarness.run(script: Self.script(statuses)) { harness in
            let stream = try await RecordedStream(recording, harness)
            try await stream.send("03-accept")
            let names = Recording.names("03-ack-")
            let running = statuses.filter { $0.state == .taskStarting || $0.state == .taskRunning }
            try await compare(running, stream, acknowledgements: names)
            try await stream.send("03-kill-k1")
            try await stream.send("03-kill-k2-policy")
            let killed = statuses.filter { $0.state == .taskKilling || $0.state == .taskKilled }
            try await compare(killed, stream, acknowledgements: names)
            for name in [
                "03-kill-unknown-with-agent", "03-kill-unknown-no-agent", "03-kill-terminated", "03-kill-unknown-agent",
            ] {
                try await stream.send(name)
            }
            try await compare(statuses.filter { $0.state == .taskLost }, stream, acknowledgements: [])
            try await stream.send("03-teardown")
        }
    }

    @Test("declined and suppressed offers come again as recorded")
    func decline() async throws {
        let recording = try Recording("04-decline-stream")
        try await MasterHarness.run { harness in
            let stream = try await RecordedStream(recording, harness)
            for name in ["04-decline-3s", "04-decline-unknown-offer", "04-decline-negative"] {
                try await stream.send(name)
            }
            for name in ["04-suppress", "04-revive-unknown-role", "04-suppress-roles", "04-revive-role", "04-revive"] {
                try await stream.send(name)
            }
            let offers = try await stream.offers()
            #expect(offers["offers"]?["offers"]?.elements?.isEmpty == false)
            try await stream.send("04-update-framework")
            try await stream.send("04-teardown")
            let ended = try await stream.ends()
            #expect(ended)
        }
    }

    @Test("reconciliation is answered as recorded")
    func reconcile() async throws {
        let recording = try Recording("05-reconcile-stream")
        let statuses = Self.statuses(recording)
        try await MasterHarness.run(script: Self.script(statuses)) { harness in
            let stream = try await RecordedStream(recording, harness)
            try await stream.send("05-accept")
            try await compare(statuses.filter(\.hasUuid), stream, acknowledgements: Recording.names("05-ack-"))
            for name in [
                "05-reconcile-implicit", "05-reconcile-explicit-known", "05-reconcile-explicit-finished",
                "05-reconcile-unknown-task", "05-reconcile-unknown-task-no-agent", "05-reconcile-unknown-agent",
                "05-reconcile-no-tasks-member", "05-reconcile-no-member",
            ] {
                try await stream.send(name)
            }
            try await compare(statuses.filter { !$0.hasUuid }, stream, acknowledgements: [])
            try await stream.send("05-teardown")
        }
    }

    @Test("partition-aware frameworks are told more exact states")
    func reconcilePartitionAware() async throws {
        let recording = try Recording("05b-reconcile-partition-aware-stream")
        try await MasterHarness.run { harness in
            let stream = try await RecordedStream(recording, harness)
            try await stream.send("05b-reconcile-unknown")
            try await stream.send("05b-kill-unknown")
            try await compare(Self.statuses(recording), stream, acknowledgements: [])
            try await stream.send("05b-teardown")
        }
    }

    @Test("a second subscription takes over, a third follows a disconnection")
    func failover() async throws {
        let first = try Recording("06a-first-stream")
        try await MasterHarness.run(script: Self.script(Self.statuses(first))) { harness in
            let a = try await RecordedStream(first, harness)
            try await a.send("06-accept")
            try await compare(Self.statuses(first), a, acknowledgements: Recording.names("06-ack-"))
            let recording = try Recording("06b-second-stream")
            let b = try await RecordedStream(recording, harness, ids: a.ids)
            var error = try await a.event()
            while error["type"] != .string("ERROR") { error = try await a.event() }
            let recordedError = first.events.first { $0["type"] == .string("ERROR") }
            #expect(error == recordedError)
            let ended = try await a.ends()
            #expect(ended)
            try await b.send("06-call-on-old-stream-id")
            try await b.send("06-reconcile")
            try await compare(Self.statuses(recording), b, acknowledgements: [])
            b.close()
            while await harness.master.core.frameworks.values.contains(where: \.isConnected) { await Task.yield() }
            let c = try await RecordedStream(try Recording("06c-third-stream"), harness, ids: b.ids)
            try await c.send("06-teardown")
            let alsoEnded = try await c.ends()
            #expect(alsoEnded)
        }
    }

    @Test("a framework without a failover timeout ends with its stream")
    func noFailover() async throws {
        try await MasterHarness.run { harness in
            let d = try await RecordedStream(try Recording("06d-nofailover-stream"), harness)
            d.close()
            while await !harness.master.core.frameworks.isEmpty { await Task.yield() }
            let e = try await RecordedStream(
                try Recording("06e-resubscribe-after-removed-stream"),
                harness,
                ids: d.ids
            )
            let ended = try await e.ends()
            #expect(ended)
        }
    }

    @Test("a framework's principal cannot change")
    func changedPrincipal() async throws {
        try await MasterHarness.run { harness in
            let a = try await RecordedStream(try Recording("06f-a-stream"), harness)
            let b = try await RecordedStream(try Recording("06f-b-changed-info-stream"), harness, ids: a.ids)
            let ended = try await b.ends()
            #expect(ended)
            let framework = await harness.master.core.frameworks.values.first
            #expect(framework?.isConnected == true)
            a.close()
        }
    }

    /// All statuses of a recording.
    static func statuses(_ recording: Recording) -> [MesosTaskStatus] {
        recording.events.compactMap { event in
            event["update"]?["status"].flatMap { try? MessageJSON.message($0) }
        }
    }

    /// What the tasks of a recording did: what came before and what after they were killed.
    static func script(_ statuses: [MesosTaskStatus]) -> MasterHarness.Script {
        var script: MasterHarness.Script = [:]
        for status in statuses where status.hasUuid {
            let isKill = status.state == .taskKilling || status.state == .taskKilled
            var entry = script[status.taskID.value] ?? ([], [])
            if isKill { entry.onKill.append(status) } else { entry.atOnce.append(status) }
            script[status.taskID.value] = entry
        }
        return script
    }

    /// Reads as many statuses as were recorded and compares them task by task; acknowledges those with a uuid.
    private func compare(
        _ recorded: [MesosTaskStatus],
        _ stream: RecordedStream,
        acknowledgements: [String]
    ) async throws {
        var ours: [String: [JSONValue]] = [:]
        var theirs: [String: [JSONValue]] = [:]
        for status in recorded {
            theirs[status.taskID.value, default: []].append(Shape.of(MessageJSON.value(status)))
        }
        for _ in recorded {
            let status = try await stream.status()
            let task = status["task_id"]?["value"]?.string ?? ""
            ours[task, default: []].append(Shape.of(status))
            guard let uuid = status["uuid"]?.string else { continue }
            let match = recorded.first { $0.taskID.value == task && MessageJSON.value($0)["state"] == status["state"] }
            stream.learn(match.map { MessageJSON.value($0) }?["uuid"]?.string, uuid)
            let name = try acknowledgements.first { name in
                let call = try Recording(name).call
                return call.acknowledge.taskID.value == task && call.acknowledge.uuid == match?.uuid
            }
            if let name { try await stream.send(name) } else { Issue.record("no acknowledgement for \(status.text)") }
        }
        for (task, statuses) in theirs {
            let (left, right) = (statuses.map(\.text).sorted(), (ours[task] ?? []).map(\.text).sorted())
            #expect(left == right, "\(stream.recording.name): \(task)")
        }
    }
}
