import HTTPTesting
import MesosProtocol
import Testing

@testable import MesosAPI

/// How a driver gets its subscription, or does not.
@Suite struct DriverSubscribeTests {
    @Test func aSubscriptionIsAskedForAsMesosWantsIt() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                let request = try #require(master.requests.first)
                #expect(try request.call == subscribeCall())
                #expect(request.headers["content-type"] == "application/x-protobuf")
                #expect(request.headers["accept"] == "application/x-protobuf")
                #expect(request.headers["mesos-stream-id"] == nil && request.headers["expect"] == nil)
                #expect(request.headers["authorization"] == nil)
                #expect(harness.driver.master?.url == master.url && harness.driver.master?.info.id == "master-1")
                #expect(harness.driver.state.description == "subscribed at \(master.url)")
                #expect(harness.driver.state.phase == .subscribed && harness.driver.state.lastFailure == nil)
            }
        }
    }

    @Test(arguments: [
        (MesosAuthentication.basic(principal: "p", secret: "s"), "Basic cDpz"),
        (MesosAuthentication.authorization("token=abc"), "token=abc"),
    ])
    func everyRequestSaysWhoAsks(_ authentication: MesosAuthentication, _ header: String) async throws {
        try await FakeMaster.use([accept()]) { master in
            try await DriverHarness.use(master.url, { $0.authentication = authentication }) { harness in
                await harness.expectSubscribed()
                #expect(await harness.outcome(of: call(.revive)) == .accepted)
                #expect(master.requests.map { $0.headers["authorization"] } == [header, header])
            }
        }
    }

    @Test func whatPassesIsTriedAgain() async throws {
        let answers: [Answer] = [
            status(503, "Master has not finished recovery"), status(404, "404 Not Found."),
            { _, _ in throw HangUp() },
            { _, connection in
                try await connection.write("HTTP/1.1 200 OK\r\n")
                throw HangUp()
            },
            { _, connection in
                try await connection.open()
                try await connection.endStream()
            },
            { _, connection in
                try await connection.open()
                try await connection.chunk(Array("12\nabc".utf8))
                throw HangUp()
            },
            { _, connection in
                try await connection.open(nil)
                try await connection.send(subscribed())
                try await connection.hold()
            },
            { _, connection in
                try await connection.open(type: "text/html")
                try await connection.chunk(Array("<html>".utf8))
                try await connection.hold()
            },
            { _, connection in
                try await connection.open()
                try await connection.send(rescind("o"))
                try await connection.hold()
            },
            status(500), status(202), redirect(to: "nowhere"), accept(),
        ]
        try await FakeMaster.use(answers) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(master.requests.count == answers.count)
                // One for each reason, two of which are the same: no whole response.
                let lines = harness.log.joined(separator: "\n")
                for text in [
                    "answers 503: Master has not finished recovery", "answers 404",
                    "ended the stream before SUBSCRIBED",
                    "without a usable Mesos-Stream-Id", "answers with text/html", "it sent events before SUBSCRIBED",
                    "answers 500", "answers 202", "it redirects to 'nowhere'",
                ] {
                    #expect(lines.contains(text))
                }
            }
        }
    }

    @Test func aMasterThatIsNotThereIsTriedAgainAndNamedOnce() async throws {
        try await FakeMaster.use([accept()]) { master in
            let gone = try ClosedPort()
            try await DriverHarness.use("127.0.0.1:\(gone.number),127.0.0.1:\(master.port)") { harness in
                await harness.expectSubscribed()
                #expect(
                    harness.log
                        == [
                            "cannot subscribe yet: cannot reach 127.0.0.1:\(gone.number): connection refused; trying on"
                        ]
                )
            }
        }
    }

    @Test func anUnknownHostIsAReason() async throws {
        let harness = try DriverHarness(try DriverHarness.options("nowhere.invalid"))
        harness.driver.subscribe(subscribeCall())
        try await until { !harness.log.isEmpty }
        #expect(harness.driver.state.lastFailure == "cannot reach nowhere.invalid:5050: the host is not known")
        await harness.close()
        #expect(harness.driver.state.phase == .closed)
    }

    @Test func silenceIsNoAnswer() async throws {
        let silent: Answer = { try await $1.hold() }
        let open: Answer = { _, connection in
            try await connection.open()
            try await connection.send(event(.heartbeat))
            try await connection.hold()
        }
        try await FakeMaster.use([silent, open, accept()]) { master in
            try await DriverHarness.use(master.url, { $0.callTimeout = .milliseconds(200) }) { harness in
                await harness.expectSubscribed()
                #expect(harness.log.count == 1)
                #expect(harness.log.first?.contains("does not say SUBSCRIBED within 0.2 seconds") == true)
            }
        }
    }

    @Test(arguments: [
        (401, "", "does not let the framework in: it wants credentials (401)"),
        (403, "no claims", "does not let the framework in (403): no claims"),
        (400, "Expecting\r\n'type'", "does not take the SUBSCRIBE (400): Expecting 'type'"),
        (415, "", "does not take the SUBSCRIBE (415)"),
    ])
    func whatDoesNotPassIsDenied(_ code: Int, _ body: String, _ reason: String) async throws {
        try await FakeMaster.use([status(code, body), accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                #expect(await harness.denial() == "\(master.url) \(reason)")
                #expect(harness.driver.state.phase == .idle)
                #expect(harness.driver.state.lastFailure == "\(master.url) \(reason)")
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
            }
        }
    }

    @Test func wrongCredentialsAreNotShown() async throws {
        try await FakeMaster.use([status(401)]) { master in
            let authentication = MesosAuthentication.basic(principal: "p", secret: "geheim")
            try await DriverHarness.use(master.url, { $0.authentication = authentication }) { harness in
                let reason = await harness.denial()
                #expect(reason?.contains("it does not take the credentials") == true)
                #expect(reason?.contains("geheim") == false)
            }
        }
    }

    @Test func anErrorRefuses() async throws {
        let refusal: Answer = { _, connection in
            try await connection.open()
            var refusal = event(.error)
            refusal.error.message = "Framework has been removed"
            try await connection.send(refusal)
            try await connection.endStream()
        }
        try await FakeMaster.use([refusal, accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                guard case .refused("Framework has been removed") = await harness.next() else {
                    Issue.record("not refused")
                    return
                }
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
            }
        }
    }

    @Test func aNewSubscriptionTakesTheOldOnesPlace() async throws {
        try await FakeMaster.use([accept("s1"), accept("s2")]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
                #expect(await harness.outcome(of: call(.revive)) == .accepted)
                #expect(master.requests.last?.headers["mesos-stream-id"] == "s2")
            }
        }
    }
}

/// Redirects.
extension DriverSubscribeTests {
    @Test func aRedirectIsFollowedWithEverything() async throws {
        try await FakeMaster.use([accept()]) { leader in
            let location = "//127.0.0.1:\(leader.port)/master/api/v1/scheduler"
            try await FakeMaster.use([redirect(to: location)]) { master in
                let authentication = MesosAuthentication.basic(principal: "p", secret: "s")
                try await DriverHarness.use(master.url, { $0.authentication = authentication }) { harness in
                    await harness.expectSubscribed()
                    #expect(harness.driver.master?.url == leader.url)
                    let request = try #require(leader.requests.first)
                    #expect(try request.call == subscribeCall())
                    #expect(request.headers["authorization"] == "Basic cDpz")
                    #expect(await harness.outcome(of: call(.revive)) == .accepted)
                    #expect(leader.calls.count == 1 && master.calls.isEmpty)
                }
            }
        }
    }

    @Test func aCircleIsLeft() async throws {
        let circle: Answer = { request, connection in
            try await redirect(to: "//\(request.headers["host"] ?? "")/x")(request, connection)
        }
        let answers = Array(repeating: circle, count: Subscription.maximumRedirects + 1) + [accept()]
        try await FakeMaster.use(answers) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(
                    harness.log == [
                        "cannot subscribe yet: \(master.url) and others redirect more than 5 times; trying on"
                    ]
                )
            }
        }
    }

    @Test func aRedirectToNobodyEndsWhereItBegan() async throws {
        let gone = try ClosedPort()
        try await FakeMaster.use([redirect(to: "//127.0.0.1:\(gone.number)/x"), accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(harness.driver.master?.url == master.url)
            }
        }
        withExtendedLifetime(gone) {}
    }
}
