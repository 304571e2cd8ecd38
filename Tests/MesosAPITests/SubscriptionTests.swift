import MesosProtocol
import Testing

@testable import MesosAPI

/// The decisions, with a clock of the test's own.
@Suite struct SubscriptionTests {
    private static let m1 = MesosEndpoint(scheme: .http, host: "m1", port: 5050)
    private static let m2 = MesosEndpoint(scheme: .http, host: "m2", port: 5050)

    @Test func theFirstAttemptIsMadeAtOnceAndLaterOnesPause() throws {
        var now = ContinuousClock.now
        let start = now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        #expect(connections(&subscription) == [Self.m1])
        var longest = Duration.zero
        for attempt in 1...20 {
            subscription.attemptFailed("no", at: now)
            #expect(connections(&subscription).isEmpty)
            let pause = now.duration(to: try #require(subscription.deadline))
            #expect(pause <= (attempt == 1 ? .seconds(2) : .seconds(15)))
            longest = max(longest, pause)
            now += pause
            subscription.timePassed(now)
            #expect(connections(&subscription) == [Self.m1])
        }
        #expect(longest >= .seconds(7.5) && now > start)
    }

    @Test func aStableSubscriptionMakesTheNextAttemptQuick() throws {
        var now = ContinuousClock.now
        var subscription = try make("m1") { $0.backoff.initial = .seconds(1) }
        for isStable in [false, true] {
            subscription.subscribe(subscribeCall(), at: now)
            for _ in 0..<5 {
                subscription.attemptFailed("no", at: now)
                now = try #require(subscription.deadline)
                subscription.timePassed(now)
            }
            try establish(&subscription, at: now)
            now += .seconds(isStable ? 61 : 1)
            subscription.lost("gone", at: now)
            subscription.subscribe(subscribeCall(), at: now)
            let pause = now.duration(to: try #require(subscription.deadline))
            #expect(isStable ? pause <= .seconds(1) : pause >= .seconds(7.5))
            _ = subscription.takeActions()
        }
    }

    @Test func aListIsTriedBeforeThereIsAPause() throws {
        let now = ContinuousClock.now
        var subscription = try make("m1,m2")
        subscription.subscribe(subscribeCall(), at: now)
        subscription.attemptFailed("no", at: now)
        #expect(connections(&subscription) == [Self.m1, Self.m2])
        subscription.attemptFailed("no", at: now)
        guard case .pausing = subscription.phase else {
            Issue.record("\(subscription.phase)")
            return
        }
    }

    @Test func eachReasonIsLoggedOnce() throws {
        var now = ContinuousClock.now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        for reason in ["a", "b", "a", "a", "b"] {
            subscription.attemptFailed(reason, at: now)
            now = try #require(subscription.deadline)
            subscription.timePassed(now)
        }
        #expect(logged(&subscription).count == 2 && subscription.lastFailure == "b")
        try establish(&subscription, at: now)
        #expect(subscription.lastFailure == nil)
        subscription.lost("a", at: now)
        subscription.subscribe(subscribeCall(), at: now)
        subscription.timePassed(now + .seconds(20))
        subscription.attemptFailed("a", at: now)
        #expect(logged(&subscription).count == 1)
    }

    @Test func anyByteIsASignOfLife() throws {
        var now = ContinuousClock.now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        try establish(&subscription, at: now)
        now += .seconds(74)
        subscription.timePassed(now)
        subscription.heard(at: now)
        now += .seconds(74)
        subscription.timePassed(now)
        #expect(subscription.established != nil)
        _ = subscription.takeActions()
        subscription.timePassed(now + .seconds(1))
        #expect(told(&subscription) == ["disconnected: nothing came from http://m1:5050 for 75.0 seconds"])
    }

    @Test(arguments: [0, -1, .infinity, .nan, 1e300])
    func aStrangeHeartbeatIsNotBelieved(_ interval: Double) throws {
        let now = ContinuousClock.now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        try establish(&subscription, heartbeat: interval, at: now)
        #expect(subscription.established?.patience == .seconds(75))
    }

    @Test func anAttemptHasTimeUntilSubscribed() throws {
        let now = ContinuousClock.now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        subscription.opened(head, at: now)
        subscription.heard(at: now + .seconds(74))
        subscription.timePassed(now + .seconds(75))
        #expect(subscription.lastFailure == "http://m1:5050 does not say SUBSCRIBED within 75.0 seconds")
    }

    @Test func aLeaderIsWaitedForAndFollowed() throws {
        let now = ContinuousClock.now
        var subscription = try make("zk://h/mesos")
        subscription.subscribe(subscribeCall(), at: now)
        #expect(DriverState(subscription).description == "no leader at zk://h:2181/mesos")
        subscription.detected(.leader(Self.m1), at: now)
        #expect(connections(&subscription) == [Self.m1])
        try establish(&subscription, at: now)
        subscription.detected(.leader(Self.m1), at: now)
        #expect(subscription.established != nil)
        _ = subscription.takeActions()
        subscription.detected(.leader(Self.m2), at: now)
        #expect(told(&subscription) == ["disconnected: http://m2:5050 leads now"])
        subscription.subscribe(subscribeCall(), at: now)
        subscription.timePassed(now + .seconds(20))
        #expect(connections(&subscription) == [Self.m2])
    }

    @Test func anAttemptAtAnotherThanTheLeaderEnds() throws {
        let now = ContinuousClock.now
        var subscription = try make("zk://h/mesos")
        subscription.detected(.leader(Self.m1), at: now)
        subscription.subscribe(subscribeCall(), at: now)
        subscription.detected(.leader(Self.m2), at: now)
        subscription.timePassed(now + .seconds(20))
        #expect(connections(&subscription) == [Self.m1, Self.m2])
        subscription.detected(.noLeader(reason: "none"), at: now)
        #expect(DriverState(subscription).phase == .waitingForLeader && subscription.lastFailure == "none")
    }

    @Test func aSubscriptionOutlivesZooKeeperButNotItsLeader() throws {
        let now = ContinuousClock.now
        var subscription = try make("zk://h/mesos")
        subscription.detected(.leader(Self.m1), at: now)
        subscription.subscribe(subscribeCall(), at: now)
        try establish(&subscription, at: now)
        subscription.detected(.unknown(reason: "away"), at: now)
        subscription.detected(.denied(reason: "no"), at: now)
        #expect(subscription.established != nil)
        _ = subscription.takeActions()
        subscription.detected(.noLeader(reason: "nobody leads"), at: now)
        #expect(told(&subscription) == ["disconnected: nobody leads"])
    }

    @Test func whoeverIsNotLetIntoZooKeeperIsDenied() throws {
        let now = ContinuousClock.now
        var subscription = try make("zk://h/mesos")
        subscription.subscribe(subscribeCall(), at: now)
        subscription.detected(.denied(reason: "no"), at: now)
        #expect(told(&subscription) == ["denied: no"])
        #expect(subscription.deadline == nil)
    }

    @Test func theEndOfAStreamWaitsForACallThatIsAwaited() throws {
        let now = ContinuousClock.now
        var subscription = try make("m1")
        subscription.subscribe(subscribeCall(), at: now)
        try establish(&subscription, at: now)
        _ = subscription.takeActions()
        let end = TransferEnd(outcome: .done, status: 200, headers: [:], body: [])
        subscription.streamEnded(end, isMidRecord: false, isAwaited: true, at: now)
        #expect(told(&subscription).isEmpty)
        let accepted = TransferEnd(outcome: .done, status: 202, headers: [:], body: [])
        #expect(subscription.callEnded(call(.teardown), accepted, at: now) == .accepted)
        #expect(told(&subscription) == ["disconnected: http://m1:5050 ended the subscription"])
    }

    @Test func callsAreNamedAsMesosNamesThem() {
        #expect(call(.teardown).name == "TEARDOWN")
        #expect(call(.acceptInverseOffers).name == "ACCEPT_INVERSE_OFFERS")
    }
}

extension SubscriptionTests {
    private var head: [String: String] { ["content-type": "application/x-protobuf", "mesos-stream-id": "s"] }

    private func make(_ address: String, _ change: (inout MesosOptions) -> Void = { _ in }) throws -> Subscription {
        var options = MesosOptions(master: try MasterAddress(parsing: address))
        change(&options)
        return Subscription(options)
    }

    private func establish(
        _ subscription: inout Subscription,
        heartbeat: Double = 15,
        at now: ContinuousClock.Instant
    ) throws {
        subscription.opened(head, at: now)
        subscription.received(try subscribed(heartbeat: heartbeat).serializedBytes(partial: true), at: now)
        #expect(subscription.established != nil)
    }

    private func connections(_ subscription: inout Subscription) -> [MesosEndpoint] {
        subscription.takeActions().compactMap { if case .connect(let endpoint, _) = $0 { endpoint } else { nil } }
    }

    private func logged(_ subscription: inout Subscription) -> [String] {
        subscription.takeActions().compactMap { if case .log(.warning, let line) = $0 { line } else { nil } }
    }

    /// The events that are told, in short.
    private func told(_ subscription: inout Subscription) -> [String] {
        subscription.takeActions().compactMap { action in
            guard case .tell(let event) = action else { return nil }
            return switch event {
            case .subscribed: "subscribed"
            case .event: "event"
            case .disconnected(let reason): "disconnected: \(reason)"
            case .refused(let message): "refused: \(message)"
            case .denied(let reason): "denied: \(reason)"
            case .callRejected(_, let status, let message): "rejected: \(status) \(message)"
            }
        }
    }
}
