import Glibc
import Testing

@testable import Processes

@Suite struct WaitingTests {
    @Test func statusesAreTold() async throws {
        #expect(try await shell("exit 3").status == .exited(3))
        #expect(try await shell("kill -9 $$").status == .signaled(SIGKILL))
        #expect("\(ExitStatus.exited(3))" == "exited with code 3")
        #expect("\(ExitStatus.signaled(SIGKILL))" == "was killed by SIGKILL")
    }

    @Test func manyCanWaitForOneChild() async throws {
        let child = try sleeper()
        await withTaskGroup(of: ExitStatus.self) { group in
            for _ in 0..<20 { group.addTask { await child.wait() } }
            child.signal(SIGINT)
            for await status in group { #expect(status == .signaled(SIGINT)) }
        }
        #expect(await child.wait() == .signaled(SIGINT))
        #expect(!child.signal(SIGINT))
    }

    @Test func manyChildrenAtOnce() async throws {
        let statuses = try await withThrowingTaskGroup(of: ExitStatus.self) { group in
            for code in 0..<40 { group.addTask { try await shell("exit \(code)").status } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(statuses == Set((0..<40).map { ExitStatus.exited($0) }))
    }

    @Test func aWaitWithALimitEnds() async throws {
        let child = try sleeper()
        #expect(await child.wait(for: .milliseconds(1)) == nil)
        child.signal(SIGKILL)
        #expect(await child.wait(for: .seconds(20)) == .signaled(SIGKILL))
    }

    @Test func aCancelledWaitWithALimitEnds() async throws {
        let child = try sleeper()
        let waiting = Task { await child.wait(for: .seconds(600)) }
        waiting.cancel()
        #expect(await waiting.value == nil)
        await child.terminate(grace: .seconds(10))
    }

    @Test func nothingStaysAsAZombieUnlessWaitedFor() async throws {
        let child = try ChildProcess.spawn(executable: "/bin/true", environment: [:])
        #expect(try await eventually { try ProcessStat.of(child.processID) == nil })
        #expect(child.exitStatus == .exited(0))
    }

    @Test func statusesArriveWhereSIGCHLDWasIgnored() async {
        // In a process of its own, because the disposition would be that of all other tests too.
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGCHLD, SIG_IGN)
            let status = try await shell("exit 7").status
            exit(status == .exited(7) ? 7 : 1)
        }
    }

    private func sleeper() throws -> ChildProcess {
        try ChildProcess.spawn(executable: "sleep", arguments: ["600"], environment: [:])
    }
}
