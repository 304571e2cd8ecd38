import Glibc
import HeronState
import PluginABI
import Synchronization
import Testing

@testable import PluginHost

@Suite struct CallingTests {
    private func probe(
        _ host: FakeHost,
        defining macros: [String] = []
    ) async throws -> (PluginFixture, SchedulerInstance) {
        let fixture = try PluginFixture()
        try await fixture.addProbe(defining: macros)
        let scheduler = try await SchedulerInstance.create(
            manifest: try fixture.manifest("probe"),
            className: "com.twitter.heron.scheduler.probe.ProbeScheduler",
            services: host
        )
        return (fixture, scheduler)
    }

    private func tell(_ scheduler: SchedulerInstance, _ order: String) async throws {
        try await scheduler.onSchedule(Array(order.utf8))
    }

    @Test func aSchedulerLivesFromInitializeToDestroy() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        try await scheduler.initialize()
        try await scheduler.onKill([])
        try await scheduler.onRestart([])
        try await scheduler.onUpdate([])
        #expect(try await scheduler.jobLinks() == ["http://a", "http://b"])
        #expect(try await scheduler.status() == "{}")
        try await scheduler.close()
        try await scheduler.close()
        #expect(host.lines == ["initialize ", "destroy "])
        let error = await #expect(throws: PluginError.self) { try await scheduler.initialize() }
        #expect(error?.code == .closed)
    }

    /// Else a call after a long rest would be given up before it has begun.
    @Test func aRestBetweenCallsIsNoTimeOfThePlugins() async throws {
        let (_, scheduler) = try await probe(FakeHost())
        #expect(scheduler.session.host.silence == .zero)
        try await scheduler.initialize()
        #expect(scheduler.session.host.silence == .zero)
        try await scheduler.close()
    }

    @Test func aForgottenSchedulerIsDestroyed() async throws {
        let host = FakeHost()
        var (_, scheduler): (PluginFixture, SchedulerInstance?) = try await probe(host)
        try await scheduler?.initialize()
        scheduler = nil
        while !host.lines.contains("destroy ") { await Task.yield() }
    }

    @Test func anOlderMinorVersionDoesWithoutLaterMembers() async throws {
        let (_, scheduler) = try await probe(FakeHost(), defining: ["PROBE_SMALL"])
        try await scheduler.initialize()
        #expect(try await scheduler.jobLinks() == [])
        #expect(try await scheduler.status() == nil)
        let error = await #expect(throws: PluginError.self) { try await scheduler.onUpdate([]) }
        #expect(error?.isUnsupported == true)
        try await scheduler.close()
    }

    @Test func failuresBringWhatThePluginReported() async throws {
        let (_, scheduler) = try await probe(FakeHost())
        let error = await #expect(throws: PluginError.self) { try await tell(scheduler, "fail no room") }
        #expect(error?.code == .failed(HERON_EXHAUSTED))
        #expect(error?.description == "plugin probe: on_schedule: no room; make room")
        try await scheduler.close()
    }

    @Test func configurationHasDefaultsAndTypes() async throws {
        let host = FakeHost(config: ["probe.on": "Yes", "other": "1"])
        let (_, scheduler) = try await probe(host)
        for key in ["probe.size", "probe.where", "probe.on", "other"] { try await tell(scheduler, "config \(key)") }
        #expect(host.lines == ["item 5", "item /home/alice/probe", "item true", "item 1"])
        let error = await #expect(throws: PluginError.self) { try await tell(scheduler, "config nowhere") }
        #expect(error?.description == "plugin probe: on_schedule: configuration key nowhere is not set")
        try await tell(scheduler, "entries")
        #expect(host.lines.suffix(4) == ["other 1", "probe.on true", "probe.size 5", "probe.where /home/alice/probe"])
        try await scheduler.close()
    }

    @Test func factsAreKnownByName() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        for name in [HERON_FACT_TOPOLOGY_NAME, HERON_FACT_ROLE, HERON_FACT_RESUMED] {
            try await tell(scheduler, "fact \(name)")
        }
        #expect(host.lines == ["item words", "item alice", "item false"])
        for name in [HERON_FACT_HERON_HOME, "nonsense"] {
            let error = await #expect(throws: PluginError.self) { try await tell(scheduler, "fact \(name)") }
            #expect(error?.code == .failed(HERON_NOT_FOUND))
        }
        try await scheduler.close()
    }

    @Test func commandsComeArgumentByArgument() async throws {
        let host = FakeHost { container, ports in ["./run", "", "a b", "\(container)", "\(ports.checkpointManager)"] }
        let (_, scheduler) = try await probe(host)
        try await tell(scheduler, "command 3")
        #expect(host.lines == ["item ./run", "item ", "item a b", "item 3", "item 9"])
        try await scheduler.close()
    }

    @Test func containersHaveDetailsInTheirOrder() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        try await tell(scheduler, "report 32")
        let details = host.statuses[1]?.details
        #expect(details == [ContainerDetail](repeating: ContainerDetail(name: "agent", value: "a-1"), count: 32))
        try await tell(scheduler, "report-1.0")
        #expect(host.statuses[1]?.details == [] && host.statuses[1]?.reason == "why")
        for order in ["report 33", "report-nameless"] {
            let error = await #expect(throws: PluginError.self) { try await tell(scheduler, order) }
            #expect(error?.code == .failed(HERON_INVALID_ARGUMENT))
        }
        try await scheduler.close()
    }

    @Test func filesArePublished() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        try await tell(scheduler, "publish a b")
        try await tell(scheduler, "publish-once secret")
        #expect(host.lines == ["item http://host/a b", "item http://once/secret"])
        let error = await #expect(throws: PluginError.self) { try await tell(scheduler, "publish missing") }
        #expect(error?.code == .failed(HERON_NOT_FOUND))
        #expect(error?.description == "plugin probe: on_schedule: there is no missing; make one")
        try await scheduler.close()
    }

    @Test func metricsBearThePluginsName() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        try await tell(scheduler, "metric starts_total")
        #expect(host.metrics == ["probe_starts_total": 2])
        await #expect(throws: PluginError.self) { try await tell(scheduler, "metric Not a name") }
        try await scheduler.close()
    }

    @Test func errorsOfTheHostPassThrough() async throws {
        let host = FakeHost { _, _ in throw StateError(.noNode, path: "a/b", "is not there", hint: "look elsewhere") }
        let (_, scheduler) = try await probe(host)
        let error = await #expect(throws: PluginError.self) { try await tell(scheduler, "command 1") }
        #expect(error?.code == .failed(HERON_NOT_FOUND))
        #expect(error?.message == "state node a/b: is not there")
        #expect(error?.hint == "look elsewhere")
        try await scheduler.close()
    }

    @Test func whatIsReportedOnOtherThreadsIsLogged() async throws {
        let host = FakeHost()
        let (_, scheduler) = try await probe(host)
        try await tell(scheduler, "thread")
        #expect(host.lines == ["said on another thread"])
        try await scheduler.close()
    }

    @Test func servicesAreAskedForById() async throws {
        let (_, scheduler) = try await probe(FakeHost())
        for id in [HERON_HOST_CONTAINERS, HERON_HOST_METRICS, HERON_HOST_LAUNCHING] {
            try await tell(scheduler, "extension \(id)")
        }
        for id in [HERON_HOST_STATE, "com.example.nothing/1"] {
            await #expect(throws: PluginError.self) { try await tell(scheduler, "extension \(id)") }
        }
        try await tell(scheduler, "shutdown done")
        try await scheduler.close()
    }

    /// Every plugin waits for its host at the same time, and the host answers none before all have asked: with plugins
    /// on threads of the cooperative pool this would never end.
    @Test(.timeLimit(.minutes(1))) func morePluginsThanCores() async throws {
        let count = 4 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 4
        let gate = Gate(count)
        let host = FakeHost { _, _ in
            await gate.pass()
            return ["./run"]
        }
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let manifest = try fixture.manifest("probe")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let scheduler = try await SchedulerInstance.create(
                        manifest: manifest,
                        className: probeClass,
                        services: host
                    )
                    try await scheduler.onSchedule(Array("command 1".utf8))
                    try await scheduler.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(host.lines.filter { $0 == "item ./run" }.count == count)
    }

    @Test func aCrashNamesThePlugin() async throws {
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [folder = fixture.scratch.path as String] in
            let path = PluginSearchPath(folders: [.init(path: folder, origin: "the test")])
            let scheduler = try await SchedulerInstance.create(
                manifest: try PluginCatalog.scan(path).plugin(named: "probe"),
                className: probeClass,
                services: FakeHost()
            )
            try await scheduler.onSchedule(Array("crash".utf8))
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("plugin probe crashed in on_schedule (SIGSEGV)"))
    }
}

/// Lets nobody pass before a number of callers has come.
private actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        missing = count
    }

    func pass() async {
        missing -= 1
        if missing > 0 {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            for waiter in waiting { waiter.resume() }
        }
    }
}
