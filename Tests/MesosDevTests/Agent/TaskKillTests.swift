import Glibc
import MesosProtocol
import Testing

@testable import MesosDevAgent

/// How tasks are ended.
@Suite(.timeLimit(.minutes(1))) struct TaskKillTests {
    private static let deaf = "trap '' TERM; touch ready; while :; do sleep 600; done"

    @Test func aKilledTaskSaysWhatSignalEndedIt() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("sleep 600")
            try await harness.updates(to: .taskRunning)
            await harness.kill()
            let updates = try await harness.updates(to: .taskKilled)
            #expect(updates.map(\.state) == [.taskKilled] && updates[0].source == .executor)
            #expect(updates[0].message == "Command terminated with signal Terminated")
        }
    }

    @Test func killingIsToldToWhoWantsIt() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("sleep 600", for: AgentHarness.framework(.taskKillingState))
            try await harness.updates(to: .taskRunning)
            await harness.kill()
            await harness.kill()
            #expect(try await harness.updates(to: .taskKilled).map(\.state) == [.taskKilling, .taskKilled])
        }
    }

    @Test func aKilledTaskThatEndsWellIsKilled() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("trap 'exit 0' TERM; touch ready; while :; do sleep 0.01; done")
            try await harness.updates(to: .taskRunning)
            try await harness.isReady()
            await harness.kill()
            #expect(try await harness.updates(to: .taskKilled).last?.message == "Command exited with status 0")
        }
    }

    @Test(arguments: [true, false])
    func whoIgnoresSIGTERMGetsSIGKILL(_ isTheTasksGrace: Bool) async throws {
        try await AgentHarness.run { harness in
            await harness.launch(Self.deaf) {
                if isTheTasksGrace { $0.killPolicy.gracePeriod.nanoseconds = 20_000_000 }
            }
            try await harness.updates(to: .taskRunning)
            try await harness.isReady()
            await harness.kill(grace: isTheTasksGrace ? nil : .milliseconds(20))
            let last = try await harness.updates(to: .taskKilled).last
            #expect(last?.message == "Command terminated with signal Killed")
        }
    }

    @Test func aSecondKillShortensTheGraceOnly() async throws {
        try await AgentHarness.run { harness in
            await harness.launch(Self.deaf)
            try await harness.updates(to: .taskRunning)
            try await harness.isReady()
            await harness.kill(grace: .seconds(3000))
            await harness.kill(grace: .milliseconds(20))
            await harness.kill(grace: .seconds(3000))
            #expect(try await harness.updates(to: .taskKilled).last?.message.hasSuffix("Killed") == true)
        }
    }

    @Test func whatLeavesTheSessionEndsWithTheTask() async throws {
        try await AgentHarness.run { harness in
            let child = "setsid sh -c 'trap \"\" TERM; touch ready; sleep 600' &"
            await harness.launch(child + " while [ ! -e ready ]; do sleep 0.01; done")
            let last = try await harness.updates(to: .taskFinished).last
            #expect(last?.message == "Command exited with status 0")
            #expect(harness.processes.isEmpty)
        }
    }

    @Test func whatHidesItsEnvironmentEndsWithTheTask() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("env -i setsid sh -c 'echo $$ > child; exec sleep 600' & wait")
            try await harness.updates(to: .taskRunning)
            #expect(await eventually { (try? harness.text("child").isEmpty) == false })
            let child = try #require(Int32(try harness.text("child").filter { !$0.isWhitespace }))
            await harness.kill()
            try await harness.updates(to: .taskKilled)
            #expect(await eventually { kill(child, 0) == -1 })
        }
    }

    @Test func anUnknownTaskIsNotKilled() async throws {
        try await AgentHarness.run { harness in
            await harness.kill("other")
            await harness.launch("true")
            let updates = try await harness.updates(to: .taskFinished)
            #expect(updates.count == 3)
        }
    }

    @Test func aFrameworkThatIsGoneIsToldNothing() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("sleep 600")
            try await harness.updates(to: .taskRunning)
            await harness.agent.shutDown(framework: AgentHarness.framework.id)
            #expect(await eventually { harness.processes.isEmpty })
            var other = AgentHarness.framework
            other.id.value = "F-0002"
            await harness.launch("true", id: "u", for: other)
            #expect(try await harness.update(acknowledging: false).taskID.value == "u")
        }
    }

    @Test func anAbandonedTaskIsGoneAtOnce() async throws {
        try await AgentHarness.run { harness in
            await harness.launch(Self.deaf)
            try await harness.updates(to: .taskRunning)
            await harness.agent.abandon()
            #expect(harness.processes.isEmpty)
            await harness.launch("true")
            #expect(try await harness.updates(to: .taskFinished).count == 3)
        }
    }

    @Test func aClosedAgentLaunchesNothing() async throws {
        try await AgentHarness.run { harness in
            await harness.launch(Self.deaf) { $0.killPolicy.gracePeriod.nanoseconds = 0 }
            try await harness.updates(to: .taskRunning)
            await harness.agent.close()
            #expect(harness.processes.isEmpty)
            await harness.launch("sleep 600", id: "u")
            #expect(harness.processes.isEmpty)
        }
    }
}

extension AgentHarness {
    /// Waits until a task has made the file `ready`.
    fileprivate func isReady() async throws {
        try #require(await eventually { (try? text("ready")) != nil })
    }
}
