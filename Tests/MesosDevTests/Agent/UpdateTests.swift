import MesosProtocol
import Testing

@testable import MesosDevAgent

/// How updates are told until they are acknowledged.
@Suite(.timeLimit(.minutes(1))) struct UpdateTests {
    @Test func anUpdateIsRepeatedAndHoldsBackTheNext() async throws {
        try await AgentHarness.run {
            $0.updateRetry = .milliseconds(5)
        } _: { harness in
            await harness.launch("true")
            let first = try await harness.update(acknowledging: false)
            for _ in 0..<3 { #expect(try await harness.update(acknowledging: false) == first) }
            #expect(first.state == .taskStarting)
            await harness.acknowledge(first)
            var next = try await harness.update(acknowledging: false)
            // One may have been on its way.
            while next == first { next = try await harness.update(acknowledging: false) }
            #expect(next.state == .taskRunning && next.uuid != first.uuid)
        }
    }

    @Test func anotherAcknowledgementChangesNothing() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("true")
            let first = try await harness.update(acknowledging: false)
            var wrong = first
            wrong.uuid.removeLast()
            await harness.acknowledge(wrong)
            wrong = first
            wrong.taskID.value = "other"
            await harness.acknowledge(wrong)
            await harness.agent.resend(framework: AgentHarness.framework.id)
            #expect(try await harness.update() == first)
            #expect(try await harness.update().state == .taskRunning)
        }
    }

    @Test func afterItsEndATaskStillTellsItsUpdatesInOrder() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("true")
            let first = try await harness.update(acknowledging: false)
            while case .update = try await harness.message() { Issue.record("an update came before its time") }
            await harness.agent.resend(framework: AgentHarness.framework.id)
            #expect(
                try await harness.updates(to: .taskFinished).map(\.state) == [
                    .taskStarting, .taskRunning, .taskFinished,
                ]
            )
            await harness.acknowledge(first)
            await harness.agent.resend(framework: AgentHarness.framework.id)
            await harness.launch("true", id: "u")
            #expect(try await harness.update().taskID.value == "u")
        }
    }

    @Test func anotherFrameworksUpdatesAreNotResent() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("true")
            _ = try await harness.update(acknowledging: false)
            await harness.agent.resend(framework: .with { $0.value = "F-0002" })
            while case .update = try await harness.message() { Issue.record("the update was sent again") }
        }
    }
}
