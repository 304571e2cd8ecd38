import Glibc
import MesosProtocol
import Testing

@testable import MesosDevAgent

/// Tasks of other users; for root only, as in Mesos.
@Suite(.timeLimit(.minutes(1)), .enabled(if: geteuid() == 0, "only root can switch users"))
struct TaskUserTests {
    @Test(arguments: [true, false])
    func anUnknownUserIsNotAFailureOfTheTask(_ isPartitionAware: Bool) async throws {
        try await AgentHarness.run { harness in
            let framework = isPartitionAware ? AgentHarness.framework(.partitionAware) : AgentHarness.framework
            await harness.launch("true", for: framework) { $0.command.user = "nobodyknows" }
            let status = try await harness.update()
            #expect(status.state == (isPartitionAware ? .taskDropped : .taskLost))
            #expect(status.source == .agent && status.reason == .executorTerminated && !status.hasContainerStatus)
            #expect(status.message.hasPrefix("Failed to create executor directory '\(harness.settings.workDirectory)/"))
            #expect(
                status.message.hasSuffix("': Failed to chown directory to 'nobodyknows': No such user 'nobodyknows'")
            )
        }
    }

    @Test(arguments: [true, false])
    func aTaskRunsAsTheUserOfItsCommandOrItsFramework(_ isTheCommands: Bool) async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("x", to: "\(harness.folder)/data")
            var framework = AgentHarness.framework
            framework.user = isTheCommands ? "root" : "nobody"
            await harness.launch("id -un; stat -c %U . data stdout; touch own", for: framework) {
                if isTheCommands { $0.command.user = "nobody" }
                $0.command.uris = [.with { $0.value = "\(harness.folder)/data" }]
            }
            #expect(try await harness.updates(to: .taskFinished).count == 3)
            #expect(try harness.text("stdout") == "nobody\nnobody\nnobody\nnobody\n")
        }
    }

    @Test func usersAreNotSwitchedIfTheAgentIsToldSo() async throws {
        try await AgentHarness.run {
            $0.switchesUser = false
        } _: { harness in
            await harness.launch("id -un") { $0.command.user = "nobodyknows" }
            try await harness.updates(to: .taskFinished)
            #expect(try harness.text("stdout") == "root\n")
        }
    }
}
