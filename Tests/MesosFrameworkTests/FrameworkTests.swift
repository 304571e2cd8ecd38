import MesosFramework
import MesosProtocol
import Testing

/// Single steps of a framework; how they go together under faults is the simulation's business.
@Suite struct FrameworkTests {
    @Test func aFirstStartIsAnsweredOnceItsIDIsWrittenDown() throws {
        var driven = Driven(containers: 2)
        #expect(driven.schedule() == nil)
        let call = try #require(driven.subscribeCall)
        #expect(!call.hasFrameworkID && !call.subscribe.frameworkInfo.hasID)
        #expect(call.subscribe.frameworkInfo.checkpoint && call.subscribe.suppressedRoles == [])
        let actions = driven.subscribed(as: "F1")
        #expect(actions.isSaved(before: \.isAnswer))
        #expect(driven.saved.framework?.frameworkID == "F1")
        #expect(driven.outcomes[1] == .done)
    }

    @Test func aTaskIsWrittenDownBeforeItIsLaunched() throws {
        var driven = Driven(containers: 2)
        driven.schedule()
        driven.subscribed(as: "F1")
        let actions = driven.offer("O1", on: "S1", cpus: 4)
        let launch = try #require(actions.compactMap(\.launch).first)
        #expect(launch.tasks.map(\.id) == ["T-0-1", "T-1-1"])
        #expect(launch.tasks.allSatisfy { $0.ports.count == 9 })
        #expect(actions.isSaved(before: \.isLaunch))
        #expect(driven.saved.containers.flatMap(\.tasks).map(\.taskID) == ["T-0-1", "T-1-1"])
    }

    @Test func everyStatusIsAcknowledgedAfterItIsWrittenDown() {
        var driven = Driven.running(containers: 1)
        let actions = driven.update("T-0-1", .taskFailed, uuid: [7])
        #expect(actions.isSaved(before: \.isAcknowledgement))
        #expect(actions.compactMap(\.call).contains { $0.acknowledge.uuid.first == 7 })
        #expect(driven.update("T-0-1", .taskFailed, uuid: [7]).contains { $0.call?.type == .acknowledge })
        // Master-made ones have no uuid, and must not be acknowledged.
        #expect(!driven.update("T-0-1", .taskLost, uuid: []).contains { $0.call?.type == .acknowledge })
    }

    @Test func aContainerThatFailsIsStartedAgainAfterGrowingPauses() {
        var driven = Driven.running(containers: 1)
        var pauses: [Moment] = []
        for attempt in 1...4 {
            driven.update("T-0-\(attempt)", .taskFailed, uuid: [1])
            let failed = driven.now
            while driven.snapshot(0).state == .backingOff { driven.pass(100) }
            pauses.append(driven.now - failed)
            driven.run(0, on: "S\(attempt + 1)")
            driven.pass(1_000)
        }
        #expect(pauses == [1_000, 2_000, 4_000, 8_000])
    }

    @Test func anAgentThatCannotRunATaskIsNotTriedAgainForIt() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskFailed, uuid: [1], reason: .containerLaunchFailed)
        driven.pass(2_000)
        #expect(driven.offer("O2", on: "S1", cpus: 4).allSatisfy { $0.launch == nil })
        #expect(driven.snapshot(0).reason.contains("S1"))
        #expect(driven.offer("O3", on: "S2", cpus: 4).contains { $0.launch?.agent.value == "S2" })
    }

    @Test func aUserThatTheAgentDoesNotKnowIsNamed() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskDropped, uuid: [1], reason: .executorTerminated)
        #expect(driven.snapshot(0).reason.contains("user 'ads'"))
    }

    @Test func aLostAgentsContainerIsReplacedAfterTheDelayAndItsTaskEndedWhenItReturns() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskUnreachable, uuid: [])
        #expect(driven.snapshot(0).state == .pending)
        driven.pass(74_000)
        #expect(driven.snapshot(0).task?.id == "T-0-1")
        driven.pass(2_000)
        #expect(driven.offer("O2", on: "S2", cpus: 4).contains { $0.launch?.tasks.map(\.id) == ["T-0-2"] })
        driven.update("T-0-2", .taskRunning, uuid: [2])
        let actions = driven.update("T-0-1", .taskRunning, uuid: [], reason: .agentReregistered)
        #expect(actions.contains { $0.call?.type == .kill && $0.call?.kill.taskID.value == "T-0-1" })
        #expect(driven.snapshot(0).task?.id == "T-0-2")
    }

    @Test func aLostAgentThatComesBackInTimeKeepsItsContainers() {
        var driven = Driven.running(containers: 1)
        driven.update("T-0-1", .taskUnreachable, uuid: [])
        driven.pass(30_000)
        driven.update("T-0-1", .taskRunning, uuid: [], reason: .agentReregistered)
        driven.pass(100_000)
        #expect(driven.snapshot(0).state == .running)
        #expect(driven.snapshot(0).attempt == 1)
    }

    @Test func aTaskThatTheLedgerDoesNotKnowIsEnded() {
        var driven = Driven.running(containers: 1)
        let actions = driven.update("T-0-9", .taskRunning, uuid: [], reason: .reconciliation)
        #expect(actions.contains { $0.call?.kill.taskID.value == "T-0-9" && $0.call?.type == .kill })
        driven.update("T-0-1", .taskFailed, uuid: [1])
        driven.pass(2_000)
        // Its number is not used again.
        #expect(driven.offer("O2", on: "S1", cpus: 4).contains { $0.launch?.tasks.map(\.id) == ["T-0-10"] })
    }

    @Test func offersAreSuppressedWhileEverythingRunsAndRevivedWhenNot() {
        var driven = Driven.running(containers: 1)
        #expect(driven.calls.contains(.suppress))
        driven.pass(100_000)
        driven.update("T-0-1", .taskKilled, uuid: [1])
        #expect(driven.calls.last == .revive)
    }

    @Test func offersFromBeforeAReconnectionAreNotUsed() {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 0.5)
        driven.handle(.disconnected(reason: "cut"))
        #expect(driven.subscribeCall?.frameworkID.value == "F1")
        driven.subscribed(as: "F1")
        let actions = driven.offer("O2", on: "S1", cpus: 0.6)
        #expect(actions.compactMap(\.launch).isEmpty)
        #expect(driven.snapshot(0).reason.contains("cpus"))
    }

    @Test func invalidOffersAreNobodysFault() {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 4)
        driven.update("T-0-1", .taskDropped, uuid: [], reason: .invalidOffers)
        #expect(driven.snapshot(0).state == .pending)
        #expect(driven.offer("O2", on: "S1", cpus: 4).contains { $0.launch?.tasks.map(\.id) == ["T-0-2"] })
    }

    @Test func aTaskThatHangsInItsLaunchIsKilledAndReplaced() {
        var driven = Driven(containers: 1)
        driven.schedule()
        driven.subscribed(as: "F1")
        driven.offer("O1", on: "S1", cpus: 4)
        let actions = driven.pass(300_000)
        #expect(actions.contains { $0.call?.kill.taskID.value == "T-0-1" && $0.call?.type == .kill })
        #expect(driven.snapshot(0).state == .stopping)
        driven.update("T-0-1", .taskKilled, uuid: [1])
        #expect(driven.snapshot(0).reason.contains("300 s"))
    }

    @Test func noMasterInTimeFailsAFirstStartOnly() {
        var first = Driven(containers: 1)
        first.schedule()
        first.handle(.disconnected(reason: "connection refused"))
        first.pass(30_000)
        guard case .failed(let reason) = first.outcomes[1] else { return #expect(Bool(false)) }
        #expect(reason.contains("30.0 s") && reason.contains("connection refused"))

        var resumed = Driven(containers: 1)
        #expect(resumed.schedule(isResumed: true) == .done)
        resumed.pass(1_000_000)
        #expect(resumed.outcomes[1] == .done)
    }

    @Test func tasksWithoutAFrameworkIDAreNotRunTwice() {
        var task = LedgerTask()
        task.taskID = "T-0-1"
        task.attempt = 1
        var container = LedgerContainer()
        container.container = 0
        container.attempt = 1
        container.tasks = [task]
        var driven = Driven(containers: 1, ledger: LedgerContents(containers: [container]))
        guard case .failed(let reason) = driven.schedule(isResumed: true) else { return #expect(Bool(false)) }
        #expect(reason.contains("ledger"))
        #expect(driven.subscribeCall == nil)
    }

    @Test func aFrameworkThatWasRemovedActsOnlyAfterARestart() throws {
        var driven = Driven.running(containers: 1)
        driven.handle(.refused(message: "Framework has been removed"))
        #expect(driven.saved.framework?.phase == .removed)
        #expect(driven.snapshot(0).reason.contains("REMOVED"))
        #expect(driven.pass(1_000_000).compactMap(\.call).isEmpty)
        let actions = driven.handle(.restart(RequestID(5), container: -1))
        let call = try #require(actions.compactMap(\.subscription).first)
        #expect(!call.hasFrameworkID)
        driven.subscribed(as: "F2")
        #expect(driven.offer("O9", on: "S1", cpus: 4).contains { $0.launch?.framework.value == "F2" })
        driven.update("T-0-2", .taskRunning, uuid: [2])
        #expect(driven.outcomes[5] == .done)
    }

    @Test func anotherSchedulerWithTheSameIDEndsThisOne() {
        var driven = Driven.running(containers: 1)
        let actions = driven.handle(.refused(message: "Framework failed over"))
        #expect(actions.contains { if case .giveUp = $0 { true } else { false } })
        #expect(actions.compactMap(\.subscription).isEmpty)
    }

    @Test func aKillEndsTasksThenTheFramework() {
        var driven = Driven.running(containers: 2)
        let actions = driven.handle(.kill(RequestID(3)))
        #expect(driven.saved.framework?.phase == .killing)
        #expect(actions.compactMap(\.call).filter { $0.type == .kill }.count == 2)
        driven.update("T-0-1", .taskKilled, uuid: [1])
        #expect(driven.outcomes[3] == nil)
        let last = driven.update("T-1-1", .taskKilled, uuid: [2])
        #expect(last.contains { if case .teardown = $0 { true } else { false } })
        #expect(driven.outcomes[3] == nil)
        driven.handle(.tornDown)
        #expect(driven.outcomes[3] == .done)
    }

    @Test func aKillWithoutAMasterSaysWhatIsKept() {
        var driven = Driven.running(containers: 1)
        driven.handle(.disconnected(reason: "no leader at zk://h/mesos"))
        driven.handle(.kill(RequestID(3)))
        driven.pass(30_000)
        guard case .failed(let reason) = driven.outcomes[3] else { return #expect(Bool(false)) }
        #expect(reason.contains("no leader at zk://h/mesos") && reason.contains("F1") && reason.contains("1 tasks"))
        // It goes on when the master is back.
        driven.subscribed(as: "F1")
        #expect(driven.calls.contains(.kill))
    }

    @Test func aKillThatWasCutShortIsEndedByTheNextScheduler() {
        var driven = Driven.running(containers: 1)
        driven.handle(.kill(RequestID(3)))
        var next = Driven(containers: 1, ledger: driven.ledger)
        #expect(next.schedule(isResumed: true) == .done)
        next.subscribed(as: "F1")
        #expect(next.calls.contains(.kill))
        let last = next.update("T-0-1", .taskKilled, uuid: [1])
        #expect(last.contains { if case .teardown = $0 { true } else { false } })
    }

    @Test func aRestartIsAnsweredWhenTheNextTaskRuns() {
        var driven = Driven.running(containers: 2)
        driven.handle(.restart(RequestID(4), container: 1))
        driven.handle(.restart(RequestID(5), container: 7))
        #expect(driven.outcomes[5] == .noSuchContainer)
        driven.update("T-1-1", .taskKilled, uuid: [1])
        driven.offer("O5", on: "S1", cpus: 4)
        #expect(driven.outcomes[4] == nil)
        driven.update("T-1-2", .taskRunning, uuid: [2])
        #expect(driven.outcomes[4] == .done)
        #expect(driven.snapshot(0).attempt == 1)
    }

    @Test func newerStatesAndEventsAreLeftAlone() {
        var driven = Driven.running(containers: 1)
        var event = MesosEvent()
        event.type = .update
        event.update.status.taskID.value = "T-0-1"
        #expect(driven.handle(.received(event)).isEmpty)
        #expect(driven.handle(.received(MesosEvent())).isEmpty)
        #expect(driven.snapshot(0).state == .running)
    }
}
