import HTTPTesting
import HeronModel
import Testing

@testable import TopologyManagerCore

@Suite("Topology manager: controller and statistics over HTTP")
struct ControllerTests {
    @Test("errors have Heron's codes and texts, as the reason phrase and in a page")
    func errors() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let port = Int(manager.location.controllerPort)
                let missing = try await fetch("/activate", port: port)
                #expect(missing.status == 400)
                #expect(missing.reason == "Missing 'topologyid' argument in the request")
                #expect(
                    missing.text.hasPrefix(
                        "<HTML><HEAD>\n<TITLE>400 Missing 'topologyid' argument in the request</TITLE>"
                    )
                )
                for path in ["/activate", "/deactivate", "/runtime_config/update", "/clean_all_stateful_checkpoints"] {
                    let wrong = try await fetch("\(path)?topologyid=other", port: port)
                    #expect(wrong.status == 400)
                    #expect(wrong.reason == "Topology id does not match")
                }
                let early = try await manager.control("/deactivate")
                #expect(early.status == 500)
                #expect(early.reason == "Tmanager still not initialized (physical plan is not available)")
                let unknown = try await fetch("/nonsense", port: port)
                #expect(unknown.status == 404)
                #expect(unknown.reason == "Not Supported")
                #expect(try await fetch("/get_current_physical_plan", port: port).status == 400)
                #expect(try await manager.control("/clean_all_stateful_checkpoints").status == 400)
                #expect(try await fetch("DELETE", "/activate", port: port).status == 405)
            }
        }
    }

    @Test("a wrong start state, runtime configuration and the current plan")
    func afterRegistration() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                let port = Int(manager.location.controllerPort)
                let wrongState = try await manager.control("/activate")
                #expect(wrongState.status == 400)
                #expect(wrongState.reason == "")
                #expect(wrongState.text.contains("the topology is RUNNING, not PAUSED"))

                #expect(try await manager.control("/runtime_config/update").status == 400)
                let evil = try await manager.control("/runtime_config/update", "&runtime-config=%3Cb%3E%0D%0AX:k:v")
                #expect(evil.status == 400)
                #expect(evil.headers["x"] == nil)
                #expect(evil.text.contains("&lt;b&gt;"))
                let parameters = "&runtime-config=k:v&runtime-config=word:a.b:1"
                let updated = try await fetch(
                    "POST",
                    "/runtime_config/update?topologyid=\(harness.fixture.id)\(parameters)",
                    port: port
                )
                #expect(updated.text == "Runtime config updated")
                let plan = try #require(await stmgrs[0].nextPlan())
                #expect(plan.topology.topologyConfig.kvs.map(\.key) == ["k:runtime"])

                let current = try await fetch("/get_current_physical_plan", port: port)
                #expect(current.status == 200)
                #expect(current.text == base64(try plan.serializedBytes()))
            }
        }
    }

    @Test("statistics: registrations, and what is said of metrics that are not there")
    func statistics() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgr = await manager.connect()
                _ = try await stmgr.register(harness.fixture.registration(container: 2))
                let summary: Statistics.SummaryResponse = try await ask(
                    manager,
                    "/stmgrsregistrationsummary",
                    Statistics.SummaryRequest()
                )
                #expect(summary.registeredStmgrs == ["stmgr-2"])
                #expect(summary.absentStmgrs == ["stmgr-1"])

                var request = Statistics.MetricRequest()
                request.componentName = "none"
                var response: Statistics.MetricResponse = try await ask(manager, "/stats", request)
                #expect(response.status.message == "Unknown component: none")
                request.componentName = "word"
                response = try await ask(manager, "/stats", request)
                #expect(response.status.message == "No interval or explicit interval set")
                request.interval = 60
                response = try await ask(manager, "/stats", request)
                #expect(response.status.message == "Metrics not available for component `word`")

                var exceptions = Statistics.ExceptionLogRequest()
                exceptions.componentName = "word"
                for path in ["/exceptions", "/exceptionsummary"] {
                    let answer: Statistics.ExceptionLogResponse = try await ask(manager, path, exceptions)
                    #expect(answer.status.message == "Unknown component")
                }
                let port = Int(manager.location.statsPort)
                #expect(try await fetch("POST", "/stats", port: port, body: "junk").status == 400)
                #expect(try await fetch("POST", "/stats", port: port).status == 400)
                #expect(try await fetch("POST", "/none", port: port).status == 400)
            }
        }
    }

    private func ask<Request: Message, Response: Message>(
        _ manager: RunningManager,
        _ path: String,
        _ request: Request
    ) async throws -> Response {
        let body: [UInt8] = try request.serializedBytes()
        let text = String(decoding: body, as: UTF8.self)
        #expect(Array(text.utf8) == body, "the body must be text for this client")
        let reply = try await fetch("POST", path, port: Int(manager.location.statsPort), body: text)
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "application/octet-stream")
        return try Response(serializedBytes: reply.body)
    }

    @Test("base 64", arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func encoding(plain: String, encoded: String) {
        #expect(base64(Array(plain.utf8)) == encoded)
        #expect(base64([0xFB, 0xFF]) == "+/8=")
    }
}
