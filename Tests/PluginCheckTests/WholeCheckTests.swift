import Files
import FoundationEssentials
import Glibc
import HTTPTesting
import HeronJSON
import Processes
import Testing

@testable import PluginCheck

/// Whole plugins, with all rules.
@Suite(.timeLimit(.minutes(2)), .enabled(if: hasHeron, "needs the product heron")) struct WholeCheckTests {
    private func local() throws -> PluginFolder {
        let folder = try PluginFolder()
        try folder.copy("\(products)/libheron-local.so", as: "libheron-local.so")
        try folder.copy("\(repository)/Plugins/Local/plugin.yaml", as: "plugin.yaml")
        return folder
    }

    private func expectAllRules(_ report: CheckReport) {
        #expect(report.outcomes.filter { $0.value != .ok } == [:])
        #expect(report.outcomes.count == Rule.allCases.count)
    }

    @Test(.enabled(if: access("\(products)/libheron-local.so", R_OK) == 0, "needs the product heron-local"))
    func theLocalPluginKeepsAllRulesAndLeavesNothing() async throws {
        let folder = try local()
        expectAllRules(try await folder.check())
        #expect(try folderEntries("\(folder.scratch.path)/tmp") == [])
        let running = ((try? ProcessStat.all()) ?? []).filter { stat in
            environment(of: stat.processID).contains(folder.scratch.path)
        }
        #expect(running.isEmpty)
    }

    @Test(.enabled(if: access("\(products)/libheron-mesos.so", R_OK) == 0, "needs the product heron-mesos"))
    func theMesosPluginKeepsAllRulesWithoutAMaster() async throws {
        let folder = try PluginFolder()
        let closed = try ClosedPort()
        try folder.copy("\(products)/libheron-mesos.so", as: "libheron-mesos.so")
        try folder.copy("\(repository)/Plugins/Mesos/plugin.yaml", as: "plugin.yaml")
        let report = try await folder.check {
            $0.properties = [
                "heron.mesos.master.uri": "127.0.0.1:\(closed.number)",
                "heron.mesos.framework.staging.timeout.ms": "1000",
            ]
        }
        expectAllRules(report)
    }

    @Test func aPluginThatLacksSettingsIsLookedAtAsFarAsPossible() async throws {
        let folder = try await Flaw.code("no_flaw", nil).build()
        try folder.edit("plugin.yaml") { $0.replacing("default: 3", with: "default: 0") }
        let report = try await folder.check()
        #expect(report.isClean)
        guard case .skipped(let reason) = report.outcomes[.goodSettings] else {
            Issue.record("\(report.outcomes)")
            return
        }
        #expect(reason.contains("broken.size is less than 1"))
        #expect(report.outcomes[.goodMessages] == .skipped("rule 23 was skipped"))
        #expect(report.outcomes[.memory] == .ok)
        let given = try await folder.check([.goodMessages]) { $0.properties = ["broken.size": "1"] }
        #expect(given.outcomes[.goodMessages] == .ok)
    }

    @Test func thePluginInCKeepsAllRules() async throws {
        let folder = try PluginFolder()
        try folder.copy("\(repository)/Tests/Fixtures/Plugins/c_local.yaml", as: "plugin.yaml")
        let source = "\(repository)/Tests/Fixtures/Plugins/c_local.c"
        try await folder.compile([source], to: "libc-local.so", ["-std=c11"])
        expectAllRules(try await folder.check())
    }

    /// Whatever depends on a broken rule is skipped; nothing else is said to be broken.
    @Test(arguments: ["crash_in_init", "crash_in_create", "exit_in_kill", "crash_in_schedule", "leaks_memory"])
    func oneFlawBreaksOneRule(_ name: String) async throws {
        let flaw = try #require(Flaw.all.first { $0.name == name })
        let report = try await Gate.compilers.pass { try await flaw.build().check() }
        #expect(report.broken == [try #require(flaw.rule)])
    }

    @Test func crashesNameTheFunctionAndTheSignal() async throws {
        let crash = try await Flaw.code("crash_in_schedule", nil).build().check([.goodMessages])
        #expect(crash.outcomes[.goodMessages] == .failed(["scheduler.on_schedule crashed (SIGSEGV)"]))
        let hang = try await Flaw.code("hang_in_schedule", nil).build().check([.goodMessages]) {
            $0.timeLimit = .seconds(2)
        }
        #expect(hang.outcomes[.goodMessages] == .failed(["scheduler.on_schedule does not return"]))
        let exit = try await Flaw.code("exit_in_kill", nil).build().check([.goodMessages])
        #expect(exit.outcomes[.exits] == .failed(["scheduler.on_kill ended the process (exit code 0)"]))
        #expect(exit.outcomes[.goodMessages] == .skipped("rule 48 is broken"))
    }

    @Test func aSeedShowsACrashAgain() async throws {
        let folder = try await Flaw.code("crash_after_close", nil).build()
        let report = try await folder.check([.fuzzing])
        guard case .failed(let details) = report.outcomes[.fuzzing], let detail = details.first else {
            Issue.record("\(report.outcomes)")
            return
        }
        #expect(detail.hasPrefix("scheduler.on_restart crashed (SIGSEGV); reproduce with --reproduce "))
        let seed = try #require(detail.split(separator: " ").last.flatMap { UInt64($0) })
        let again = try await folder.check([.fuzzing]) { $0.reproduced = seed...seed }
        #expect(again.outcomes[.fuzzing] == report.outcomes[.fuzzing])
    }

    @Test func aSanitizerSeesWhatOthersDoNot() async throws {
        guard let runtime = try? await Sanitizer.address.runtime() else { return }
        var flaw = Flaw.code("reads_beyond_message", nil)
        flaw.flags += ["-fsanitize=address", "-g"]
        let folder = try await flaw.build()
        let report = try await folder.check([.goodMessages]) { $0.preload = runtime }
        guard case .failed(let details) = report.outcomes[.goodMessages] else {
            Issue.record("\(report.outcomes)")
            return
        }
        #expect(details.first?.contains("SUMMARY: AddressSanitizer: heap-buffer-overflow") == true)
        #expect(details.first?.contains("calls.c") == true)
        let without = try await folder.check([.loading])
        guard case .failed(let reasons) = without.outcomes[.loading] else {
            Issue.record("\(without.outcomes)")
            return
        }
        #expect(reasons.first?.hasSuffix("check it with --sanitize address") == true)
    }

    @Test func theCommandPrintsATableAndJSON() async throws {
        let folder = try await Flaw.code("link_is_none", nil).build()
        let text = try await command(["plugin", "check", folder.path, "--rule", "39", "--rule", "1"])
        #expect(text.status == .exited(1))
        #expect(text.output.contains("1     ok      plugin.yaml can be read and is valid"))
        #expect(text.output.contains("39    FAILED  get_job_links puts links:"))
        #expect(text.output.contains("broken: 1 ok, 1 failed, 0 skipped"))
        let json = try await command(["plugin", "check", folder.path, "--rule", "15", "--output", "json"])
        #expect(json.status == .exited(0))
        guard case .object(let report) = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8)) else {
            Issue.record("no object")
            return
        }
        #expect(report["plugin"] == .string("broken"))
        let wrong = try await command(["plugin", "check", folder.path, "--rule", "999"])
        #expect(wrong.status == .exited(2))
        let missing = try await command(["plugin", "check", "\(folder.path)/missing"])
        #expect(missing.status == .exited(1))
    }

    @Test func nothingIsLeftOfAnInterruptedCheck() async throws {
        let folder = try await Flaw.code("hang_in_schedule", nil).build()
        let scratch = "\(folder.scratch.path)/tmp"
        let child = try ChildProcess.spawn(
            executable: heron,
            arguments: ["plugin", "check", folder.path, "--rule", "25"],
            environment: ChildProcess.currentEnvironment().merging(["TMPDIR": scratch]) { $1 }
        )
        // Until the plugin is being called.
        while try folderEntries(scratch).first.flatMap({ CallPlace.read(from: "\(scratch)/\($0)") })?.function
            != "scheduler.on_schedule"
        {
            try await Task.sleep(for: .milliseconds(5))
        }
        child.signal(SIGINT)
        #expect(await child.wait() == .exited(130))
        #expect(try folderEntries(scratch) == [])
    }

    private func command(_ arguments: [String]) async throws -> (status: Processes.ExitStatus, output: String) {
        let completed = try await ChildProcess.runToCompletion(
            executable: heron,
            arguments: arguments,
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        return (completed.status, String(decoding: completed.output, as: UTF8.self))
    }

    private func environment(of process: Int32) -> String {
        let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
