import Glibc
import Testing

@testable import Processes

@Suite struct GroupTests {
    @Test func aSessionEndsWithAllItsProcesses() async throws {
        let child = try session("sleep 600 & (sleep 600 & wait) & wait")
        let group = ProcessGroup(ledBy: child.identity)
        #expect(try await eventually { try group.members().count { $0.name == "sleep" } == 2 })
        #expect(await child.terminate(grace: .seconds(10)) == .signaled(SIGTERM))
        #expect(try group.members().isEmpty)
    }

    @Test func whoIgnoresSIGTERMIsKilled() async throws {
        let child = try session("trap '' TERM; sleep 600 & echo; wait; sleep 600")
        let group = ProcessGroup(ledBy: child.identity)
        #expect(try await eventually { try group.members().count { $0.name == "sleep" } == 1 })
        #expect(await child.terminate(grace: .milliseconds(50)) == .signaled(SIGKILL))
        #expect(try group.members().isEmpty)
    }

    @Test func aDeadLeadersGroupCanStillBeEnded() async throws {
        let child = try session("sleep 600 & exit 0")
        #expect(await child.wait() == .exited(0))
        let group = ProcessGroup(ledBy: child.identity)
        #expect(try group.members().map(\.name) == ["sleep"])
        #expect(await group.terminate(grace: .seconds(10)))
        #expect(try group.members().isEmpty)
    }

    @Test func anotherProcessWithTheSameIDIsNotTouched() async throws {
        let child = try session("exec sleep 600")
        let impostor = ProcessIdentity(
            processID: child.processID,
            startTime: child.identity.startTime + 1,
            bootID: child.identity.bootID
        )
        #expect(!impostor.isAlive && !impostor.signal(SIGKILL))
        #expect(await ProcessGroup(ledBy: impostor).terminate(grace: .zero))
        #expect(child.identity.isAlive)
        #expect(await child.terminate(grace: .seconds(10)) == .signaled(SIGTERM))
        #expect(!child.identity.isAlive)
    }

    @Test func terminationIsFinishedInACancelledTask() async throws {
        let child = try session("trap '' TERM; while :; do sleep 1; done")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await child.terminate(grace: .milliseconds(20))
        }
        task.cancel()
        #expect(await [.signaled(SIGKILL), .signaled(SIGTERM)].contains(task.value))
        #expect(try ProcessGroup(ledBy: child.identity).members().isEmpty)
    }

    private func session(_ command: String) throws -> ChildProcess {
        try ChildProcess.spawn(
            executable: "/bin/sh",
            arguments: ["-c", command],
            environment: ["PATH": "/usr/bin:/bin"],
            newSession: true
        )
    }
}
