import MesosProtocol
import Testing

@testable import MesosAPI

/// What a driver makes of a master's stream.
@Suite struct DriverStreamTests {
    @Test func eventsComeInOrderHoweverTheyAreCut() async throws {
        let slow = accept { _, connection in
            for byte in try (0..<20).flatMap({ try record(rescind("\($0)")) }) { try await connection.chunk([byte]) }
            try await connection.chunk(try (20..<40).flatMap { try record(rescind("\($0)")) })
            try await connection.hold()
        }
        try await FakeMaster.use([slow]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                for number in 0..<40 { #expect(await harness.rescinded() == "\(number)") }
            }
        }
    }

    @Test func whatIsNotKnownIsLeftOut() async throws {
        let unknown = accept { _, connection in
            try await connection.send(event(.heartbeat))
            try await connection.chunk(Array("2\n".utf8) + [0x08, 0x63])
            try await connection.chunk(Array("0\n".utf8))
            try await connection.send(rescind("after"))
            try await connection.hold()
        }
        try await FakeMaster.use([unknown]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.rescinded() == "after")
            }
        }
    }

    @Test func aStreamMayEndWhileItsConnectionStays() async throws {
        let ended = accept { _, connection in
            try await connection.endStream()
            try await connection.hold()
        }
        try await FakeMaster.use([ended, accept()]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.disconnection() == "\(master.url) ended the subscription")
                #expect(harness.driver.master == nil && harness.driver.state.phase == .idle)
                harness.driver.subscribe(subscribeCall())
                await harness.expectSubscribed()
            }
        }
    }

    @Test func nothingIsDoneUntilTheNextSubscribe() async throws {
        try await FakeMaster.use([accept { _, _ in throw HangUp() }]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.disconnection()?.contains("broke") == true)
                guard case .lost(let reason) = await harness.outcome(of: call(.revive)) else { throw HangUp() }
                #expect(reason == "REVIVE was not sent: there is no subscription")
                #expect(master.requests.count == 1)
            }
        }
    }

    @Test(arguments: [
        ("x", "a record's length holds the byte 0x78, which is no digit"),
        ("1001\n", "a record is longer than 1000 bytes"),
        ("000000000000000000000", "a record's length has more than 20 digits"),
        ("3\nabc", "it sent a record of 3 bytes that is no event"),
    ])
    func garbageEndsTheSubscription(_ garbage: String, _ reason: String) async throws {
        let broken = accept { _, connection in
            try await connection.send(rescind("before"))
            try await connection.chunk(Array(garbage.utf8))
            try await connection.hold()
        }
        try await FakeMaster.use([broken]) { master in
            try await DriverHarness.use(master.url, { $0.maximumRecordBytes = 1000 }) { harness in
                await harness.expectSubscribed()
                #expect(await harness.rescinded() == "before")
                #expect(await harness.disconnection() == "\(master.url) went wrong: \(reason)")
            }
        }
    }

    @Test func aCutInARecordEndsTheSubscription() async throws {
        let cut = accept { _, connection in
            try await connection.chunk(try record(rescind("o")).dropLast())
            try await connection.endStream()
            try await connection.hold()
        }
        try await FakeMaster.use([cut]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(
                    await harness.disconnection() == "\(master.url) ended the subscription in the middle of an event"
                )
            }
        }
    }

    @Test func aSecondSubscribedEndsTheSubscription() async throws {
        let twice = accept { _, connection in
            try await connection.send(subscribed())
            try await connection.hold()
        }
        try await FakeMaster.use([twice]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                #expect(await harness.disconnection() == "\(master.url) went wrong: it sent SUBSCRIBED twice")
            }
        }
    }

    @Test func aMasterThatFallsSilentIsLeft() async throws {
        try await FakeMaster.use([accept(heartbeat: 0.05)]) { master in
            try await DriverHarness.use(master.url, { $0.missedHeartbeats = 2 }) { harness in
                await harness.expectSubscribed()
                #expect(await harness.disconnection() == "nothing came from \(master.url) for 0.1 seconds")
            }
        }
    }

    @Test func anErrorEndsTheSubscription() async throws {
        let failedOver = accept { _, connection in
            var error = event(.error)
            error.error.message = "Framework failed over"
            try await connection.send(error)
            try await connection.hold()
        }
        try await FakeMaster.use([failedOver]) { master in
            try await DriverHarness.use(master.url) { harness in
                await harness.expectSubscribed()
                guard case .refused("Framework failed over") = await harness.next() else {
                    Issue.record("not refused")
                    return
                }
                #expect(harness.driver.master == nil)
            }
        }
    }
}
