import MesosProtocol
import Testing

@testable import MesosDevMaster

/// The fault switches, over HTTP.
@Suite(.timeLimit(.minutes(1)))
struct FaultTests {
    private static func quick() -> MasterSettings {
        var settings = MasterSettings()
        settings.heartbeatInterval = 0.05
        settings.allocationInterval = 0.05
        return settings
    }

    @Test("a cut stream ends without a last chunk, and the framework may come back")
    func cut() async throws {
        try await MasterHarness.run { harness in
            let framework = try await TestFramework(harness)
            try await harness.inject(#"{"fault":"cut-streams"}"#)
            #expect(await framework.isCut())
            let answer = try await framework.call("REVIVE")
            #expect(answer.status == 403)
            #expect(answer.text == "Framework is not subscribed")
            let again = try await TestFramework(harness, id: framework.id)
            #expect(again.id == framework.id)
            again.close()
        }
    }

    @Test("heartbeats come as announced, stop and go on")
    func heartbeats() async throws {
        try await MasterHarness.run(agents: 0, settings: Self.quick()) { harness in
            let body = #"{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n"}}}"#
            var (connection, response) = try await harness.send(MasterHarness.post("/api/v1/scheduler", body))
            let subscribed = try JSONValue(parsing: try await response.record() ?? [])
            #expect(subscribed["subscribed"]?["heartbeat_interval_seconds"] == .double(0.05))
            for _ in 0..<5 {
                #expect(try JSONValue(parsing: try await response.record() ?? [])["type"] == .string("HEARTBEAT"))
            }
            connection.close()
        }
    }

    @Test("calls are answered with the status asked for, as often as asked for")
    func answers() async throws {
        try await MasterHarness.run { harness in
            let framework = try await TestFramework(harness)
            try await harness.inject(#"{"fault":"answer","call":"REVIVE","status":503,"count":2}"#)
            #expect(try await framework.call("SUPPRESS").status == 202)
            #expect(try await framework.call("REVIVE").status == 503)
            #expect(try await framework.call("REVIVE").status == 503)
            #expect(try await framework.call("REVIVE").status == 202)
            framework.close()
        }
    }

    @Test("a call is cut before or after it is done", arguments: [("before", false), ("after", true)])
    func cutCalls(_ when: String, isDone: Bool) async throws {
        try await MasterHarness.run { harness in
            let framework = try await TestFramework(harness)
            try await harness.inject(#"{"fault":"cut-call","call":"SUPPRESS","when":"\#(when)"}"#)
            await #expect(throws: WireError.self) { try await framework.call("SUPPRESS") }
            let suppressed = await harness.master.core.frameworks[framework.id]?.suppressed
            #expect(suppressed == (isDone ? ["*"] : []))
            framework.close()
        }
    }

    @Test("records are garbage, too long, or cut off", arguments: ["garbage-record", "oversized-record"])
    func brokenRecords(_ fault: String) async throws {
        try await MasterHarness.run(agents: 0) { harness in
            let framework = try await TestFramework(harness)
            try await harness.inject(#"{"fault":"\#(fault)"}"#)
            try await harness.inject(#"{"fault":"truncated-record"}"#)
            #expect(await framework.isCut())
        }
    }

    @Test("updates are sent twice, not at all, and in another order")
    func updates() async throws {
        try await MasterHarness.run(agents: 1, settings: Self.quick()) { harness in
            let framework = try await TestFramework(harness)
            try await harness.inject(#"{"fault":"duplicate-updates"}"#)
            try await framework.launch(["a"], on: try await framework.offers()[0])
            let first = try await framework.update(acknowledging: false)
            let second = try await framework.update()
            #expect(first == second)
            #expect(try await framework.update()["state"] == .string("TASK_RUNNING"))
            try await harness.inject(#"{"fault":"reorder-updates","count":2}"#)
            try await framework.launch(["b", "c"], on: try await framework.offers()[0])
            let names = [try await framework.update(), try await framework.update()].map { $0["task_id"]?["value"] }
            #expect(names == [.string("c"), .string("b")])
            framework.close()
        }
    }

    @Test("an agent that is unreachable comes back with its tasks")
    func agents() async throws {
        try await MasterHarness.run(agents: 1, settings: Self.quick()) { harness in
            let framework = try await TestFramework(harness, info: TestFramework.partitionAware)
            try await framework.launch(["a"], on: try await framework.offers()[0])
            for _ in 0..<2 { _ = try await framework.update() }
            try await harness.inject(#"{"fault":"agent","agent":"S0","do":"unreachable"}"#)
            #expect(try await framework.update()["state"] == .string("TASK_UNREACHABLE"))
            try await harness.inject(#"{"fault":"agent","agent":"S0","do":"return"}"#)
            let back = try await framework.update()
            #expect(back["state"] == .string("TASK_RUNNING"))
            #expect(back["reason"] == .string("REASON_AGENT_REREGISTERED"))
            framework.close()
        }
    }

    @Test("a restarted master has another id and finds the tasks again", arguments: ["kept", "lost"])
    func restart(_ registry: String) async throws {
        try await MasterHarness.run(agents: 1, settings: Self.quick()) { harness in
            let framework = try await TestFramework(harness)
            try await framework.launch(["a"], on: try await framework.offers()[0])
            for _ in 0..<2 { _ = try await framework.update() }
            let before = await harness.master.masterInfo.id
            try await harness.inject(#"{"fault":"restart-master","registry":"\#(registry)","agents":0.1}"#)
            #expect(await framework.isCut())
            #expect(await harness.master.masterInfo.id != before)
            var again: TestFramework?
            while again == nil { again = try? await TestFramework(harness, id: framework.id) }
            // Offers mean that the agent is back.
            _ = try await again?.offers()
            try await again?.call("RECONCILE", #""reconcile":{}"#)
            #expect(try await again?.update()["state"] == .string("TASK_RUNNING"))
            again?.close()
        }
    }

    @Test(
        "what cannot be done is said",
        arguments: ["{}", "[]", #"{"fault":"x"}"#, #"{"fault":"agent","agent":"S9"}"#]
    )
    func errors(_ fault: String) async throws {
        try await MasterHarness.run { harness in
            var (connection, response) = try await harness.send(MasterHarness.post("/dev/faults", fault))
            #expect(response.status == 400)
            #expect(try await !response.body().isEmpty)
            connection.close()
        }
    }
}
