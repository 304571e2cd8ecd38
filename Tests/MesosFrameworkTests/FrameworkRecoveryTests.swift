import MesosFramework
import MesosProtocol
import Testing

/// What a framework makes of outages, lost agents and failures.
@Suite struct FrameworkRecoveryTests {
    @Test func anOutageLongerThanTheLaunchTimeoutKillsNothing() {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 1)
        driven.handle(.disconnected(reason: "cut"))
        driven.pass(400_000)
        driven.subscribed(as: "F1")
        driven.update("T-0-1", .taskRunning, uuid: [], reason: .reconciliation)
        #expect(!driven.calls.contains(.kill))
        #expect(driven.snapshot(0).state == .running)
    }

    @Test func aLostTaskIsNotReplacedBeforeTheMasterHasSpoken() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskUnreachable, uuid: [])
        var next = Driven(containers: 1, ledger: driven.ledger)
        next.schedule(isResumed: true)
        next.pass(200_000)
        next.subscribed(as: "F1")
        #expect(next.snapshot(0).task?.id == "T-0-1")
        next.update("T-0-1", .taskRunning, uuid: [], reason: .reconciliation)
        next.pass(10_000)
        #expect(next.snapshot(0).state == .running)
        #expect(!next.calls.contains(.kill))
    }

    @Test func aLostTaskThatIsStillLostAfterAnOutageIsReplacedAtOnce() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskUnreachable, uuid: [])
        driven.handle(.disconnected(reason: "cut"))
        driven.pass(100_000)
        driven.subscribed(as: "F1")
        driven.update("T-0-1", .taskUnreachable, uuid: [], reason: .reconciliation)
        #expect(driven.offer("O2", on: "S2", cpus: 1).contains { $0.launch?.tasks.map(\.id) == ["T-0-2"] })
    }

    @Test func lostTasksAreAskedAboutAgain() {
        var driven = Driven.running(containers: 1)
        driven.pass(20_000)
        driven.update("T-0-1", .taskUnknown, uuid: [])
        let asked = driven.pass(74_000).compactMap(\.call).filter { $0.type == .reconcile }
        #expect(asked.count >= 3)
        #expect(asked.allSatisfy { $0.reconcile.tasks.map(\.taskID.value) == ["T-0-1"] })
    }

    @Test func theOnlyAgentIsTriedAgainWithOtherPorts() throws {
        var driven = Driven.running(containers: 1)
        let ports = try #require(driven.snapshot(0).task?.ports)
        driven.update("T-0-1", .taskFailed, uuid: [1], reason: .containerLaunchFailed)
        driven.pass(2_000)
        #expect(driven.offer("O2", on: "S1", cpus: 4).allSatisfy { $0.launch == nil })
        let launch = try #require(driven.pass(2_000).compactMap(\.launch).first)
        #expect(launch.agent.value == "S1")
        #expect(Set(ports).isDisjoint(with: launch.tasks[0].ports))
    }

    @Test func anAgentWithoutTheUserIsNotTriedAgain() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskDropped, uuid: [1], reason: .executorTerminated)
        driven.pass(2_000)
        driven.offer("O2", on: "S1", cpus: 4)
        #expect(driven.pass(10_000).allSatisfy { $0.launch == nil })
        // Both why it failed and why it waits.
        let reason = driven.snapshot(0).reason
        #expect(reason.contains("user 'ads'") && reason.contains("host-S1 is avoided"), "\(reason)")
        #expect(driven.offer("O3", on: "S2", cpus: 4).contains { $0.launch != nil })
    }

    @Test func aRefusedLaunchLeavesNoOfferBehind() throws {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 1)
        var accept = MesosCall()
        accept.type = .accept
        accept.accept.offerIds = [MesosOfferID.with { $0.value = "O1" }]
        accept.accept.operations = [
            MesosOffer.Operation.with { operation in
                operation.type = .launch
                operation.launch.taskInfos = [MesosTaskInfo.with { $0.taskID.value = "T-0-1" }]
            }
        ]
        let actions = driven.handle(.callRejected(accept, status: 400, message: "no"))
        let decline = try #require(actions.compactMap(\.call).first { $0.type == .decline })
        #expect(decline.decline.offerIds.map(\.value) == ["O1"])
        #expect(driven.snapshot(0).reason.contains("400 no"))
    }

    /// What one framework cannot use for long, others shall get.
    @Test func offersThatDoNotSuitAreRefusedForLongerAndLonger() {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        var times: [Double] = []
        for number in 1...5 {
            driven.offer("O\(number)", on: "S1", cpus: 0.5)
            let declines = driven.pass(3_000).compactMap(\.call).filter { $0.type == .decline }
            times += declines.map(\.decline.filters.refuseSeconds)
        }
        #expect(times == [5, 10, 20, 40, 40])
        #expect(driven.snapshot(0).reason.contains("host-S1 lacks 0.5 cpus"))
    }

    @Test func aTaskThatWasGivenUpDoesNotHoldItsContainerAfterARestart() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskUnreachable, uuid: [])
        driven.pass(76_000)
        #expect(driven.saved.containers[0].attempt == 1)
        var next = Driven(containers: 1, ledger: driven.ledger)
        next.schedule(isResumed: true)
        next.subscribed(as: "F1")
        #expect(next.offer("O2", on: "S2", cpus: 1).contains { $0.launch?.tasks.map(\.id) == ["T-0-2"] })
        #expect(next.snapshot(0).strays.map(\.id) == ["T-0-1"])
    }

    @Test func theNextSchedulersClockMayBeBehind() throws {
        var driven = Driven(containers: 1)
        driven.pass(1_000_000)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 1)
        driven.update("T-0-1", .taskRunning, uuid: [1])
        var next = Driven(containers: 1, ledger: driven.ledger)
        #expect(next.now < driven.now)
        next.schedule(isResumed: true)
        let asked = next.subscribed(as: "F1").compactMap(\.call).filter { $0.type == .reconcile }
        #expect(asked.contains { $0.reconcile.tasks.map(\.taskID.value) == ["T-0-1"] })
    }
}
