import Glibc
import Processes
import Testing

@testable import ExecutorCore

@Suite struct ContainerSupervisorTests {
    private let folder: TemporaryFolder
    private let recorder = LogRecorder()
    private let supervisor: ContainerSupervisor

    init() throws {
        folder = try TemporaryFolder()
        supervisor = ContainerSupervisor(
            Sandbox(directory: folder.path),
            container: 1,
            environment: ["PATH": "/usr/bin:/bin", "SHARED": "yes"],
            policy: Supervision.Policy(
                firstDelay: .milliseconds(10),
                longestDelay: .milliseconds(40),
                failureLimit: 5
            ),
            grace: .milliseconds(500),
            log: recorder.logger()
        )
    }

    @Test func whatProcessesDoIsTold() async throws {
        await supervisor.run([shell("fails", "exit 3")])
        let status = try #require(
            await supervisor.changes.first { $0.first?.starts ?? 0 > 1 && $0.first?.state == .backingOff }?.first
        )
        #expect(status.name == "fails" && status.container == 1 && status.pid == nil)
        #expect(status.lastExit == "exited with code 3")
        await supervisor.run([])
        await supervisor.stopAll()
    }

    @Test func processesRunWithPIDFilesUntilTheyAreStopped() async throws {
        await supervisor.run([shell("one", "exec sleep 600"), shell("two", "exec sleep 600")])
        let one = try #require(await pid("one"))
        let two = try #require(await pid("two"))
        #expect(try ProcessStat.of(one)?.group == getpgrp())
        await supervisor.stopAll()
        #expect((try? ProcessIdentity.of(one)) == nil && (try? ProcessIdentity.of(two)) == nil)
        #expect(folder.names().isEmpty)
    }

    @Test func aKilledProcessStartsAgain() async throws {
        await supervisor.run([shell("one", "exec sleep 600")])
        let first = try #require(await pid("one"))
        kill(first, SIGKILL)
        #expect(await eventually { await pid("one") ?? first != first })
        #expect(recorder.lines.contains { $0.contains("one, pid \(first), was killed by SIGKILL after") })
        await supervisor.stopAll()
    }

    @Test func outputIsLoggedLineByLine() async throws {
        await supervisor.run([shell("one", "echo $SHARED $OWN; printf 'no end' >&2; exec sleep 600", ["OWN": "too"])])
        #expect(await eventually { recorder.lines.contains("info: one stdout: yes too") })
        await supervisor.stopAll()
        #expect(await eventually { recorder.lines.contains("info: one stdout: no end") })
    }

    @Test func aCrashLoopIsGivenUp() async throws {
        await supervisor.run([shell("bad", "exit 3"), shell("good", "exec sleep 600")])
        #expect(await supervisor.givenUp.first { _ in true } == "bad")
        #expect(recorder.lines.count { $0.contains("exited with code 3") } == 6)
        #expect(await pid("good") != nil)
        await supervisor.stopAll()
    }

    @Test func aProgramThatIsMissingIsTriedAgain() async throws {
        await supervisor.run([ProcessCommand(name: "late", executable: "./late", arguments: [])])
        #expect(await eventually { recorder.lines.contains { $0.hasPrefix("error: late: cannot start './late'") } })
        try folder.write("late.new", "#!/bin/sh\nexec sleep 600\n", mode: 0o755)
        rename("\(folder.path)/late.new", "\(folder.path)/late")
        #expect(await eventually { await pid("late") != nil })
        await supervisor.stopAll()
    }

    @Test func aPlanChangeReplacesOnlyWhatDiffers() async throws {
        await supervisor.run([
            shell("kept", "exec sleep 600"), shell("changed", "exec sleep 600"), shell("gone", "exec sleep 600"),
        ])
        let kept = try #require(await pid("kept"))
        let changed = try #require(await pid("changed"))
        let gone = try #require(await pid("gone"))
        await supervisor.run([
            shell("kept", "exec sleep 600"), shell("changed", "exec sleep 601"), shell("new", "exec sleep 600"),
        ])
        #expect(
            await eventually { (try? ProcessIdentity.of(gone)) == nil && (try? ProcessIdentity.of(changed)) == nil }
        )
        #expect(await eventually { await pid("changed") ?? changed != changed })
        #expect(await pid("kept") == kept && (try? ProcessIdentity.of(kept)) != nil)
        #expect(await pid("new") != nil)
        await supervisor.stopAll()
    }

    @Test func whoIgnoresSIGTERMIsKilled() async throws {
        await supervisor.run([shell("deaf", "trap '' TERM; echo ready; while :; do sleep 0.05; done")])
        #expect(await eventually { recorder.lines.contains("info: deaf stdout: ready") })
        await supervisor.stopAll()
        #expect(recorder.lines.contains { $0.contains("was killed by SIGKILL") })
    }

    @Test func stoppingDoesNotWaitForDelays() async throws {
        await supervisor.run([ProcessCommand(name: "missing", executable: "/none", arguments: [])])
        await supervisor.stopAll()
        let lines = recorder.lines.count
        await supervisor.stopAll()
        #expect(recorder.lines.count == lines)
    }

    private func shell(_ name: String, _ script: String, _ environment: [String: String] = [:]) -> ProcessCommand {
        ProcessCommand(name: name, executable: "/bin/sh", arguments: ["-c", script], environment: environment)
    }

    /// What a pid file says, once it is there.
    private func pid(_ name: String) async -> Int32? {
        _ = await eventually { !folder.read("\(name).pid").isEmpty }
        return Int32(folder.read("\(name).pid"))
    }
}
