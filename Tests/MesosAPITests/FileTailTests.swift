import Testing

@testable import MesosAPI

/// The last lines of a file in a sandbox; a ``FakeMaster`` plays the agent.
@Suite struct FileTailTests {
    private static let path = "/frameworks/F/executors/T 1&x/runs/latest/stderr"

    @Test func theEndOfALongFileIsRead() async throws {
        // The first line of what is read is cut, and nobody's words are trusted.
        let end = #"{"data":"cut off\none\n\n\u001b[31mtwo\nthree","offset":5904}"#
        let agent: Answer = { request, connection in
            let isSize = !request.target.contains("offset")
            try await status(200, isSize ? #"{"data":"","offset":10000}"# : end)(request, connection)
        }
        try await FakeMaster.use([agent], calls: agent) { agent in
            let harness = try DriverHarness(
                try DriverHarness.options("127.0.0.1:1") { $0.authentication = .authorization("hush") }
            )
            let lines = try await harness.tail(Self.path, agent.url + "/slave(1)").get()
            await harness.close()
            #expect(lines == ["one", "[31mtwo", "three"])
            let path = "/files/read?path=/frameworks/F/executors/T%201%26x/runs/latest/stderr"
            #expect(agent.requests.map(\.target) == [path, path + "&offset=5904&length=4096"])
            #expect(agent.requests.allSatisfy { $0.headers["authorization"] == nil && $0.body.isEmpty })
        }
    }

    @Test(arguments: [
        (404, "", "{url} answers 404"), (200, "{", "{url} answers with something else than the contents of a file"),
        (200, String(repeating: "x", count: 70_000), "{place} answers with more than is taken"),
    ])
    func whatIsNoFileSaysWhy(_ code: Int, _ body: String, _ reason: String) async throws {
        try await FakeMaster.use([status(503)], calls: status(code, body)) { agent in
            let harness = try DriverHarness(try DriverHarness.options("127.0.0.1:1"))
            let result = await harness.tail(Self.path, agent.url)
            await harness.close()
            let error = #expect(throws: MesosOperatorError.self) { try result.get() }
            let wanted = reason.replacing("{url}", with: agent.url)
            #expect(error?.description == wanted.replacing("{place}", with: "127.0.0.1:\(agent.port)"))
        }
    }

    @Test(arguments: ["", "host:5051", "ftp://host", "http://"])
    func anAgentHasAnAddress(url: String) async throws {
        let harness = try DriverHarness(try DriverHarness.options("127.0.0.1:1"))
        let result = await harness.tail(Self.path, url)
        await harness.close()
        let error = #expect(throws: MesosOperatorError.self) { try result.get() }
        #expect(error?.description.hasPrefix("the agent's address '\(url)' is none: ") == true)
    }

    @Test func closingTheDriverEndsIt() async throws {
        let silent: Answer = { _, _ in try await Task.sleep(for: .seconds(60)) }
        try await FakeMaster.use([silent], calls: silent) { agent in
            let harness = try DriverHarness(try DriverHarness.options("127.0.0.1:1"))
            let driver = harness.driver
            async let result = tail(driver, Self.path, agent.url)
            while agent.requests.isEmpty { await Task.yield() }
            await harness.close()
            let outcome = await result
            #expect(throws: MesosOperatorError.self) { try outcome.get() }
        }
    }
}

extension DriverHarness {
    fileprivate func tail(_ path: String, _ agent: String) async -> Result<[String], MesosOperatorError> {
        await MesosAPITests.tail(driver, path, agent)
    }
}

private func tail(
    _ driver: MesosDriver,
    _ path: String,
    _ agent: String
) async -> Result<[String], MesosOperatorError> {
    await withCheckedContinuation { continuation in
        driver.readTail(of: path, at: agent, count: 5) { continuation.resume(returning: $0) }
    }
}
