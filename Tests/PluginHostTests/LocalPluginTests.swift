import Files
import Glibc
import HeronModel
import PluginABI
import Processes
import Testing

@testable import PluginHost

/// The local plugin's library through the ABI, with shell scripts for executors.
@Suite(.enabled(if: PluginFixture.hasLocalLibrary, "libheron-local.so has not been built"), .timeLimit(.minutes(2)))
struct LocalPluginTests {
    private static let schedulerClass = "org.apache.heron.scheduler.local.LocalScheduler"
    private static let launcherClass = "org.apache.heron.scheduler.local.LocalLauncher"

    /// An executor with a child in its session and one that left it; both get no signal but ours.
    private static let family = "sleep 1000 & setsid sleep 1000 & wait"

    private let fixture: PluginFixture
    private let directory: String

    init() throws {
        fixture = try PluginFixture()
        try fixture.addLocal()
        directory = try fixture.scratch.folder(".run")
        try fixture.scratch.write(".run/.heron-working-directory", "")
    }

    private func host(
        _ script: String,
        resumed: Bool = false,
        config: [String: String] = [:]
    ) -> FakeHost {
        let quick = [
            "heron.scheduler.local.restart.delay.ms": "10", "heron.scheduler.local.restart.delay.max.ms": "50",
            "heron.scheduler.local.kill.grace.ms": "2000",
        ]
        return FakeHost(
            config: quick.merging(config) { $1 },
            facts: FakeHost.facts(workingDirectory: directory, resumed: resumed)
        ) { container, _ in ["/bin/sh", "-c", script, "container-\(container)"] }
    }

    private func scheduler(_ host: FakeHost) async throws -> SchedulerInstance {
        let scheduler = try await SchedulerInstance.create(
            manifest: try fixture.manifest("local"),
            className: LocalPluginTests.schedulerClass,
            services: host
        )
        try await scheduler.initialize()
        return scheduler
    }

    private func plan(_ ids: Int32...) throws -> [UInt8] {
        var plan = PackingPlan()
        plan.id = "words-1"
        plan.containerPlans = ids.map { id in
            var container = ContainerPlan()
            container.id = id
            container.requiredResource.cpu = 1
            container.requiredResource.ram = 1
            container.requiredResource.disk = 1
            return container
        }
        return try plan.serializedBytes()
    }

    private func restart(_ container: Int32) throws -> [UInt8] {
        var request = Heron_Proto_Scheduler_RestartTopologyRequest()
        request.topologyName = "words"
        request.containerIndex = container
        return try request.serializedBytes()
    }

    /// The processes that were started in the test's working directory.
    private func processes() -> [Int32] {
        ((try? ProcessStat.all()) ?? []).filter { stat in
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/\(stat.processID)/cwd", &target, target.count)
            guard length > 0 else { return false }
            return String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) == directory
        }.map(\.processID)
    }

    private static func runs(_ container: Int32, attempt: UInt32) -> @Sendable ([ContainerStatus]) -> Bool {
        { $0.contains { $0.container == container && $0.state == .running && $0.attempt >= attempt } }
    }

    @Test func containersStartAndLeaveNoProcessWhenKilled() async throws {
        let host = host(LocalPluginTests.family)
        let scheduler = try await scheduler(host)
        try await scheduler.onSchedule(try plan(1, 2))
        let statuses = host.statuses
        #expect(statuses.keys.sorted() == [0, 1, 2])
        #expect(statuses.values.allSatisfy { $0.state == .running && $0.attempt == 1 && !$0.host.isEmpty })
        let ports = statuses.values.flatMap { $0.ports?.values ?? [] }
        #expect(Set(ports).count == 27)
        #expect(try await scheduler.status()?.contains(#""id":2,"state":"running","attempt":1"#) == true)
        try await scheduler.onKill([])
        #expect(processes() == [])
        #expect(access(directory, F_OK) != 0)
        #expect(host.statuses.values.allSatisfy { $0.state == .stopped })
        try await scheduler.onKill([])
        try await scheduler.close()
    }

    @Test func anExecutorThatIgnoresSIGTERMIsKilled() async throws {
        let host = host(
            "trap '' TERM; while :; do sleep 1000; done",
            config: ["heron.scheduler.local.kill.grace.ms": "50"]
        )
        let scheduler = try await scheduler(host)
        try await scheduler.onSchedule(try plan())
        try await scheduler.onKill([])
        #expect(processes() == [])
        try await scheduler.close()
    }

    @Test func aKilledExecutorIsReplacedAndItsOrphansEnd() async throws {
        let host = host(LocalPluginTests.family)
        let scheduler = try await scheduler(host)
        try await scheduler.onSchedule(try plan(1))
        let process = try #require(host.statuses[1]?.processID)
        let orphans = processes()
        kill(process, SIGKILL)
        await host.until(LocalPluginTests.runs(1, attempt: 2))
        #expect(host.statuses[1]?.reason == "heron-executor was killed by SIGKILL")
        #expect(host.metrics["local_container_restarts_total"] == 1)
        let container0 = try #require(host.statuses[0]?.processID)
        let now = processes()
        #expect(now.contains(container0))
        #expect(!now.contains(process))
        // Two thirds of the old processes belong to container 0, which went on.
        #expect(orphans.filter(now.contains).count <= orphans.count / 2 + 1)
        try await scheduler.onKill([])
        #expect(processes() == [])
        try await scheduler.close()
    }

    @Test func anExecutorThatDiesAtOnceIsStartedAgainAndAgain() async throws {
        let host = host("echo first >&2; echo 'heron-executor: no such plan' >&2; exit 3")
        let scheduler = try await scheduler(host)
        try await scheduler.onSchedule(try plan())
        await host.until { $0.contains { $0.attempt >= 4 && $0.state == .backingOff } }
        #expect(host.statuses[0]?.reason == "heron-executor exited with code 3: no such plan")
        try await scheduler.onKill([])
        #expect(processes() == [])
        try await scheduler.close()
    }

    @Test func oneContainerOrAllAreRestarted() async throws {
        let host = host(LocalPluginTests.family)
        let scheduler = try await scheduler(host)
        try await scheduler.onSchedule(try plan(1))
        try await scheduler.onRestart(try restart(1))
        await host.until(LocalPluginTests.runs(1, attempt: 2))
        #expect(host.statuses[0]?.attempt == 1)
        try await scheduler.onRestart(try restart(-1))
        await host.until(LocalPluginTests.runs(0, attempt: 2))
        await host.until(LocalPluginTests.runs(1, attempt: 3))
        let error = await #expect(throws: PluginError.self) { try await scheduler.onRestart(try restart(9)) }
        #expect(error?.code == .failed(HERON_NOT_FOUND))
        let update = await #expect(throws: PluginError.self) { try await scheduler.onUpdate([]) }
        #expect(update?.isUnsupported == true)
        try await scheduler.onKill([])
        try await scheduler.close()
    }

    @Test func aRestartedSchedulerAdoptsWhatRuns() async throws {
        let before = host(LocalPluginTests.family)
        let first = try await scheduler(before)
        try await first.onSchedule(try plan(1, 2))
        try await first.close()
        let gone = try #require(before.statuses[2]?.processID)
        kill(gone, SIGKILL)

        let after = host(LocalPluginTests.family, resumed: true)
        let second = try await scheduler(after)
        try await second.onSchedule(try plan(1, 2))
        await after.until(LocalPluginTests.runs(2, attempt: 2))
        for container in [Int32(0), 1] {
            #expect(after.statuses[container]?.processID == before.statuses[container]?.processID)
            #expect(after.statuses[container]?.ports == before.statuses[container]?.ports)
            #expect(after.statuses[container]?.attempt == 1)
        }
        kill(try #require(after.statuses[1]?.processID), SIGKILL)
        await after.until(LocalPluginTests.runs(1, attempt: 2))
        try await second.onKill([])
        #expect(processes() == [])
        try await second.close()
    }

    @Test func anotherProcessCanCleanUp() async throws {
        let first = try await scheduler(host(LocalPluginTests.family))
        try await first.onSchedule(try plan(1))
        try await first.close()
        unlink("\(directory)/.heron-containers")
        #expect(processes().count >= 6)
        let second = try await scheduler(host("", resumed: true))
        try await second.onKill([])
        #expect(processes() == [])
        try await second.close()
        let third = try await scheduler(host("", resumed: true))
        try await third.onKill([])
        let error = await #expect(throws: PluginError.self) { try await third.onSchedule(try plan(1)) }
        #expect(error?.code == .failed(HERON_NOT_FOUND))
        try await third.close()
    }

    @Test func aSecondSchedulerIsRefused() async throws {
        let first = try await scheduler(host(LocalPluginTests.family))
        let error = await #expect(throws: PluginError.self) { try await scheduler(host(LocalPluginTests.family)) }
        #expect(error?.message.contains("in use by another scheduler") == true)
        try await first.close()
    }

    @Test func aFirstStartThatCannotWorkIsUndone() async throws {
        let host = FakeHost(facts: FakeHost.facts(workingDirectory: directory)) { container, _ in
            container == 1 ? ["./nonexistent"] : ["/bin/sh", "-c", LocalPluginTests.family]
        }
        let scheduler = try await scheduler(host)
        let error = await #expect(throws: PluginError.self) { try await scheduler.onSchedule(try plan(1)) }
        #expect(error?.message.contains("container 1: ") == true)
        #expect(error?.message.contains("nonexistent") == true)
        #expect(processes() == [])
        try await scheduler.close()
    }

    @Test func aLauncherPreparesTheDirectory() async throws {
        let place = "\(fixture.scratch.path)/.topologies/words"
        let host = FakeHost(config: ["heron.scheduler.local.working.directory": place])
        let launcher = try await LauncherInstance.create(
            manifest: try fixture.manifest("local"),
            className: LocalPluginTests.launcherClass,
            services: host
        )
        try await launcher.initialize()
        try await launcher.launch([])
        #expect(host.launches == ["fetch file:///core", "fetch file:///package", "service \(place)"])
        #expect(try folderEntries(place) == [".heron-working-directory", "heron-core"])
        try await launcher.close()
    }

    @Test func aLauncherUndoesWhatItDid() async throws {
        let place = "\(fixture.scratch.path)/.topologies/words"
        let host = FakeHost(config: ["heron.scheduler.local.working.directory": place, "fail": "service"])
        let launcher = try await LauncherInstance.create(
            manifest: try fixture.manifest("local"),
            className: LocalPluginTests.launcherClass,
            services: host
        )
        try await launcher.initialize()
        let error = await #expect(throws: PluginError.self) { try await launcher.launch([]) }
        #expect(error?.description == "plugin local: launch: no service today; try tomorrow")
        try await launcher.close()
        #expect(!(try folderEntries(fixture.scratch.path)).contains(".topologies"))
    }
}
