import Glibc
import HeronModel
import Processes
import Testing

@testable import PluginHost

/// The plugin that is written in C, from the headers alone.
@Suite(.timeLimit(.minutes(1))) struct CPluginTests {
    @Test func itLaunchesAndSchedules() async throws {
        let fixture = try PluginFixture()
        try await fixture.addCLocal()
        let manifest = try fixture.manifest("c-local")
        let place = "\(fixture.scratch.path)/run"
        let launching = FakeHost(config: ["c.local.working.directory": place])
        let launcher = try await LauncherInstance.create(
            manifest: manifest,
            className: "com.example.CLocalLauncher",
            services: launching
        )
        try await launcher.initialize()
        try await launcher.launch([])
        try await launcher.close()
        #expect(launching.launches == ["fetch file:///core", "fetch file:///package", "service \(place)"])

        let host = FakeHost(facts: FakeHost.facts(workingDirectory: place)) { _, _ in ["/bin/sh", "-c", "sleep 1000"] }
        let scheduler = try await SchedulerInstance.create(
            manifest: manifest,
            className: "com.example.CLocalScheduler",
            services: host
        )
        try await scheduler.initialize()
        var plan = PackingPlan()
        plan.id = "words-1"
        var container = ContainerPlan()
        container.id = 1
        container.requiredResource.cpu = 1
        container.requiredResource.ram = 1
        container.requiredResource.disk = 1
        plan.containerPlans = [container]
        try await scheduler.onSchedule(try plan.serializedBytes())
        let first = host.statuses
        #expect(first.keys.sorted() == [0, 1])
        #expect(
            first.values.allSatisfy { $0.state == .running && (try? ProcessIdentity.of($0.processID))?.isAlive == true }
        )

        var request = Heron_Proto_Scheduler_RestartTopologyRequest()
        request.topologyName = "words"
        request.containerIndex = 1
        try await scheduler.onRestart(try request.serializedBytes())
        #expect(host.statuses[0] == first[0])
        #expect(host.statuses[1]?.attempt == 2)

        let running = host.statuses.values.map(\.processID)
        try await scheduler.onKill([])
        #expect(running.allSatisfy { (try? ProcessIdentity.of($0)) == nil })
        #expect(host.statuses.values.allSatisfy { $0.state == .stopped })
        try await scheduler.close()
    }
}
