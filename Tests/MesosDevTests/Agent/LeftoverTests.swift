import Files
import Glibc
import Processes
import Testing

@testable import MesosDevAgent

/// What an agent that was killed has left.
@Suite(.timeLimit(.minutes(1))) struct LeftoverTests {
    @Test func tasksOfADeadAgentEndWhenTheNextBegins() async throws {
        try await AgentHarness.run { harness in
            let dead = try spawn("true", [:])
            _ = await dead.wait()
            let task = try leave(dead.identity, harness)
            await harness.agent.begin()
            #expect(await task.wait() == .signaled(SIGKILL))
            #expect(try FileStatus.ifPresent("\(harness.settings.workDirectory)/slaves/A-S0/owner") == nil)
        }
    }

    @Test func tasksOfALivingAgentAreLeftAlone() async throws {
        try await AgentHarness.run { harness in
            let task = try leave(try #require(ProcessIdentity.current), harness)
            await harness.agent.begin()
            #expect(task.identity.isAlive)
            await task.terminate(grace: .zero)
        }
    }

    @Test func anAgentClaimsItsTasksUntilItIsClosed() async throws {
        try await AgentHarness.run { harness in
            let owner = "\(harness.settings.workDirectory)/slaves/A-S0/owner"
            await harness.launch("sleep 600")
            try await harness.updates(to: .taskRunning)
            #expect(try AgentHarness.text(owner) == "\(try #require(ProcessIdentity.current))\n")
            await harness.agent.close()
            #expect(try FileStatus.ifPresent(owner) == nil)
        }
    }

    /// A process that looks like a task of an agent.
    private func leave(_ owner: ProcessIdentity, _ harness: AgentHarness) throws -> ChildProcess {
        let folder = "\(harness.settings.workDirectory)/slaves/A-S0"
        _ = try createFolders(folder)
        try AgentHarness.write("\(owner)\n", to: "\(folder)/owner")
        return try spawn("exec sleep 600", ["MESOS_DIRECTORY": "\(folder)/frameworks/F/executors/t/runs/c"])
    }

    private func spawn(_ script: String, _ environment: [String: String]) throws -> ChildProcess {
        try ChildProcess.spawn(
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: environment,
            newSession: true
        )
    }
}
