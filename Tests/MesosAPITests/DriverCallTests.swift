import MesosProtocol
import Synchronization
import Testing

@testable import MesosAPI

/// Calls, and what the master says to them.
@Suite struct DriverCallTests {
    @Test func callsGoOutInOrderOnOneConnection() async throws {
        try await FakeMaster.use([accept("the-id")]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                for number in 0..<200 { harness.driver.send(call(.kill, "\(number)")) }
                #expect(await harness.outcome(of: call(.reconcile)) == .accepted)
                #expect(master.calls.dropLast().map(\.kill.taskID.value) == (0..<200).map(String.init))
                let requests = master.requests.filter { $0.headers["mesos-stream-id"] != nil }
                #expect(requests.count == 201 && requests.allSatisfy { $0.headers["mesos-stream-id"] == "the-id" })
                #expect(Set(requests.map(\.connection)) == [2])
            }
        }
    }

    @Test func aLargeCallIsSentWithoutAskingFirst() async throws {
        var large = call(.message)
        large.message.data = .init(repeating: 1, count: 5 << 20)
        let sent = large
        try await FakeMaster.use([accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.outcome(of: sent) == .accepted)
                #expect(master.calls == [sent])
                #expect(master.requests.last?.headers["expect"] == nil)
            }
        }
    }

    @Test(arguments: [400, 405, 409, 415, 501])
    func aRefusedCallLeavesTheSubscription(_ code: Int) async throws {
        let answers = Mutex([status(code, "Not a\nvalid UUID"), status(200)])
        let answer: Answer = { try await answers.withLock { $0.removeFirst() }($0, $1) }
        try await FakeMaster.use([accept()], calls: answer) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                let outcome = await harness.outcome(of: call(.kill, "t"))
                #expect(outcome == .rejected(status: code, message: "Not a valid UUID"))
                guard case .callRejected(call(.kill, "t"), code, "Not a valid UUID") = await harness.next() else {
                    Issue.record("not rejected")
                    return
                }
                #expect(await harness.outcome(of: call(.updateFramework)) == .accepted)
            }
        }
    }

    @Test func anUpdateOfTheFrameworkMayBeForbidden() async throws {
        try await FakeMaster.use([accept()], calls: status(403, "Not authorized")) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                let outcome = await harness.outcome(of: call(.updateFramework))
                #expect(outcome == .rejected(status: 403, message: "Not authorized"))
            }
        }
    }

    @Test(arguments: [
        (307, "", "the master does not lead any more (307 to KILL)"),
        (401, "", "the master answers 401 to KILL"),
        (403, "Framework is not subscribed", "the master answers 403 to KILL: Framework is not subscribed"),
        (404, "", "the master answers 404 to KILL"), (503, "No leader", "the master answers 503 to KILL: No leader"),
        (
            400, "The stream ID 'x' included in this request didn't match",
            "the master does not know the subscription any more: "
                + "The stream ID 'x' included in this request didn't match"
        ),
        (
            400, "Framework cannot be found",
            "the master does not know the subscription any more: Framework cannot be found"
        ),
    ])
    func suchAnAnswerEndsTheSubscription(_ code: Int, _ body: String, _ reason: String) async throws {
        let location = code == 307 ? "Location: //127.0.0.1:1/x\r\n" : ""
        try await FakeMaster.use([accept("a"), accept("b")], calls: status(code, body, headers: location)) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                harness.driver.send(call(.kill, "1"))
                let second = await harness.outcome(of: call(.kill, "2"))
                // It waits for the answer to the first, or comes when there is no subscription any more.
                let expected = ["KILL got no answer: \(reason)", "KILL was not sent: there is no subscription"]
                #expect(expected.map { .lost(reason: $0) }.contains(second))
                #expect(await harness.disconnection() == reason)
                #expect(master.calls == [call(.kill, "1")])
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
            }
        }
    }

    /// The master may have acted on it.
    @Test func aCallIsNeverRepeated() async throws {
        let count = Mutex(0)
        let answer: Answer = { request, connection in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            guard isFirst else { throw HangUp() }
            try await status(202)(request, connection)
        }
        try await FakeMaster.use([accept(), accept()], calls: answer) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.outcome(of: call(.kill, "1")) == .accepted)
                harness.driver.send(call(.kill, "2"))
                #expect(await harness.disconnection()?.hasPrefix("KILL got no answer: ") == true)
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
                #expect(master.calls == [call(.kill, "1"), call(.kill, "2")])
            }
        }
    }

    @Test func aCallWithoutAnAnswerEndsTheSubscription() async throws {
        try await FakeMaster.use([accept()], calls: { try await $1.hold() }) { master in
            try await DriverHarness.use(master.url, { $0.callTimeout = .milliseconds(300) }) { harness in
                await harness.expectSubscribed()
                harness.driver.send(call(.kill, "1"))
                #expect(
                    await harness.disconnection() == "KILL got no answer: "
                        + "no connection to 127.0.0.1:\(master.port), or no answer from there, in time"
                )
            }
        }
    }

    @Test func callsThatNobodyTakesEndTheSubscription() async throws {
        try await FakeMaster.use([accept()], calls: { try await $1.hold() }) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                for _ in 0...(2 * CallQueue.maximumCount + 2) { harness.driver.send(call(.revive)) }
                let reason = await harness.disconnection()
                #expect(reason == "too many calls are waiting: the master does not take them in time")
            }
        }
    }

    @Test func aSubscriptionsCallsEndWithIt() async throws {
        let (told, tell) = AsyncStream.makeStream(of: Void.self)
        let ending = accept { _, connection in
            for await _ in told { break }
            try await connection.endStream()
            try await connection.hold()
        }
        let answer: Answer = { _, connection in
            tell.yield()
            try await connection.hold()
        }
        try await FakeMaster.use([ending, accept("next")], calls: answer) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                harness.driver.send(call(.kill, "1"))
                harness.driver.send(call(.kill, "2"))
                #expect(await harness.disconnection() == "\(master.url) ended the subscription")
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
                #expect(master.calls == [call(.kill, "1")])
            }
        }
    }
}

/// The end.
extension DriverCallTests {
    /// Mesos ends the stream before it answers.
    @Test func aTeardownIsAnsweredBeforeTheEndIsTold() async throws {
        let (told, tell) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let ending = accept { _, connection in
            for await _ in told { break }
            try await connection.endStream()
            end.yield()
            try await connection.hold()
        }
        let answer: Answer = { request, connection in
            tell.yield()
            for await _ in ended { break }
            try await status(202)(request, connection)
        }
        try await FakeMaster.use([ending], calls: answer) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.outcome(of: call(.teardown)) == .accepted)
                #expect(await harness.disconnection() == "\(master.url) ended the subscription")
            }
        }
    }

    @Test func closingLetsCallsGetOut() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await DriverHarness.use(master.url, { $0.closeTimeout = .seconds(60) }) { harness in
                await harness.expectSubscribed()
                let outcome = Mutex<CallOutcome?>(nil)
                harness.driver.send(call(.kill, "1"))
                harness.driver.send(call(.teardown)) { value in outcome.withLock { $0 = value } }
                await harness.close()
                #expect(outcome.withLock(\.self) == .accepted)
                #expect(master.calls == [call(.kill, "1"), call(.teardown)])
                #expect(harness.driver.state.phase == .closed && harness.driver.master == nil)
                await harness.close()
                guard case .lost = await harness.outcome(of: call(.revive)) else { throw HangUp() }
            }
        }
    }

    @Test func closingDoesNotWaitForWhatCannotBeSent() async throws {
        for subscribes in [[status(503)], [{ try await $1.hold() }] as [Answer]] {
            try await FakeMaster.use(subscribes) { master in
                let harness = try DriverHarness(try DriverHarness.options(master.url))
                harness.driver.subscribe(subscribeCall())
                try await until { harness.driver.state.phase != .idle }
                await harness.close()
                #expect(harness.driver.state.phase == .closed)
            }
        }
    }

    @Test func aDriverMayBeClosedByItsReceiver() async throws {
        try await FakeMaster.use([accept()]) { master in
            let holder = Mutex<MesosDriver?>(nil)
            let driver = try MesosDriver(
                try DriverHarness.options(master.url),
                log: { _, _ in },
                receive: { _ in holder.withLock(\.self)?.close() }
            )
            holder.withLock { $0 = driver }
            driver.subscribe(subscribeCall())
            try await until { driver.state.phase == .closed }
            holder.withLock { $0 = nil }
        }
    }

    @Test func aDriverThatNobodyHasEnds() async throws {
        let (closed, tell) = AsyncStream.makeStream(of: Void.self)
        let held: Answer = { _, connection in
            do { try await connection.hold() } catch { tell.yield() }
            throw HangUp()
        }
        try await FakeMaster.use([accept(then: held)]) { master in
            var harness: DriverHarness? = try DriverHarness(try DriverHarness.options(master.url))
            harness?.driver.subscribe(subscribeCall())
            await harness?.expectSubscribed()
            harness = nil
            for await _ in closed { break }
        }
    }
}
