import Glibc
import Testing

@testable import Processes

@Suite struct RunToCompletionTests {
    @Test func bothOutputsAreKept() async throws {
        let result = try await shell("echo out; echo err >&2; exit 5")
        #expect(result.status == .exited(5))
        #expect(result.text == "out\n" && result.errorText == "err\n")
        #expect(!result.isTruncated && !result.timedOut)
    }

    @Test func theLastBytesOfALongOutputAreKept() async throws {
        let result = try await shell("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done", outputLimit: 100)
        #expect(result.isTruncated)
        #expect(result.output.count == 100)
        #expect(result.text.hasSuffix("line 4998\nline 4999\n"))
    }

    @Test func theTimeLimitKillsTheWholeSession() async throws {
        let folder = try TemporaryFolder()
        let result = try await shell(
            "echo $$ > leader; sleep 600 & sleep 600",
            in: folder.path,
            timeLimit: .milliseconds(300)
        )
        #expect(result.timedOut)
        #expect(result.status == .signaled(SIGTERM))
        let leader = try #require(Int32(folder.read("leader").filter(\.isNumber)))
        #expect(!((try? ProcessStat.all()) ?? []).contains { $0.session == leader && !$0.isZombie })
    }

    @Test func whatAProcessLeavesBehindIsEnded() async throws {
        let result = try await shell("sleep 600 & echo $$")
        #expect(result.status == .exited(0) && !result.timedOut)
        let leader = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(!((try? ProcessStat.all()) ?? []).contains { $0.session == leader && !$0.isZombie })
    }

    @Test func cancellationKillsTheProcess() async throws {
        let folder = try TemporaryFolder()
        let running = Task { try await shell("echo $$ > leader; sleep 600", in: folder.path) }
        #expect(await eventually { !folder.read("leader").isEmpty })
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        let leader = try #require(Int32(folder.read("leader").filter(\.isNumber)))
        #expect(!((try? ProcessStat.all()) ?? []).contains { $0.session == leader && !$0.isZombie })
    }
}
