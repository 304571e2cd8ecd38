import Testing

@testable import MesosAPI

@Suite struct OperatorCallTests {
    @Test func theLeaderAnswers() async throws {
        try await FakeMaster.use([accept()], calls: status(200, #"{"type":"GET_AGENTS"}"#)) { leader in
            let location = redirect(to: "//127.0.0.1:\(leader.port)/master/api/v1")
            try await FakeMaster.use([status(503)], calls: location) { master in
                let options = try DriverHarness.options(master.url) { $0.authentication = .authorization("a") }
                let harness = try DriverHarness(options)
                let answer = try await harness.ask(#"{"type":"GET_AGENTS"}"#).get()
                await harness.close()
                #expect(String(decoding: answer, as: UTF8.self) == #"{"type":"GET_AGENTS"}"#)
                let request = try #require(leader.requests.first)
                #expect(request.target == "/api/v1" && request.body == answer)
                #expect(request.headers["content-type"] == "application/json")
                #expect(request.headers["authorization"] == "a")
            }
        }
    }

    @Test(arguments: [
        (403, "No\nway", "{url} answers 403: No way"), (503, "", "{url} answers 503"),
        (200, "0123456789a", "{place} answers with more than is taken"),
        (307, "", "{url} does not lead, but it redirects to '', which is no address of a master"),
    ])
    func whatIsNoAnswerSaysWhy(_ code: Int, _ body: String, _ reason: String) async throws {
        try await FakeMaster.use([status(503)], calls: status(code, body)) { master in
            let options = try DriverHarness.options(master.url) { $0.maximumRecordBytes = 10 }
            let harness = try DriverHarness(options)
            let result = await harness.ask("{}")
            let error = #expect(throws: MesosOperatorError.self) { try result.get() }
            await harness.close()
            let place = "127.0.0.1:\(master.port)"
            #expect(
                error?.description
                    == reason.replacing("{url}", with: master.url).replacing("{place}", with: place)
            )
        }
    }

    @Test func withoutALeaderThereIsNobodyToAsk() throws {
        let driver = try DriverHarness(try DriverHarness.options("zk://127.0.0.1:1/mesos")).driver
        let error = #expect(throws: MesosOperatorError.self) { try driver.operatorCall(json: "{}") }
        #expect(error?.description == "no leader is known at zk://127.0.0.1:1/mesos")
        driver.close()
        #expect(throws: MesosOperatorError.self) { try driver.operatorCall(json: "{}") }
    }
}

extension DriverHarness {
    func ask(_ json: String) async -> Result<[UInt8], MesosOperatorError> {
        await blocking { [driver] in
            Result { () throws(MesosOperatorError) in try driver.operatorCall(json: json) }
        }
    }
}
