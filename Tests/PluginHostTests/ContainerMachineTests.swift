import LocalScheduling
import Testing

@Suite struct ContainerMachineTests {
    private let backOff = BackOff(delay: .milliseconds(500), maximum: .seconds(60), stable: .seconds(30))
    private let start = ContinuousClock.now

    private func running() -> ContainerMachine {
        var machine = ContainerMachine(attempt: 1, backOff: backOff)
        machine.started(at: start)
        return machine
    }

    @Test func pausesDoubleUpToTheLongest() {
        let pauses = (1...9).map { backOff.pause(afterFailures: $0) }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(backOff.pause(afterFailures: .max) == .seconds(60))
        #expect(BackOff(delay: .zero, maximum: .zero, stable: .zero).pause(afterFailures: 100) == .zero)
    }

    @Test func whatEndsIsClearedUpAndStartedAfterAPause() {
        var machine = running()
        #expect(machine.exited(attempt: 1, "was killed", at: start + .seconds(1)) == [.end])
        #expect(machine.phase == .ending(.backOff))
        #expect(machine.ended(survivors: [], at: start + .seconds(2)) == [])
        #expect(machine.deadline == start + .seconds(2.5))
        #expect(machine.timePassed(at: start + .seconds(2.4)) == [])
        #expect(machine.timePassed(at: start + .seconds(2.5)) == [.start])
        #expect(machine.attempt == 2)
        #expect(machine.reason == "was killed")
    }

    @Test func aStableRunMakesFailuresForgotten() {
        var machine = running()
        var now = start
        for pause in [0.5, 1, 2, 4] {
            #expect(machine.exited(attempt: machine.attempt, "", at: now) == [.end])
            #expect(machine.ended(survivors: [], at: now) == [])
            now = now + .seconds(pause)
            #expect(machine.deadline == now)
            #expect(machine.timePassed(at: now) == [.start])
            machine.started(at: now)
        }
        now = now + .seconds(30)
        _ = machine.exited(attempt: machine.attempt, "", at: now)
        _ = machine.ended(survivors: [], at: now)
        #expect(machine.deadline == now + .milliseconds(500))
    }

    @Test func aFailedStartIsTriedAgain() {
        var machine = ContainerMachine(attempt: 1, backOff: backOff)
        machine.startFailed("no ports", at: start)
        #expect(machine.phase == .backingOff(until: start + .milliseconds(500)))
        #expect(machine.reason == "no ports")
        #expect(machine.timePassed(at: start + .seconds(1)) == [.start])
    }

    @Test func theEndOfAnEarlierAttemptMeansNothing() {
        var machine = running()
        #expect(machine.exited(attempt: 0, "", at: start) == [])
        #expect(machine.phase == .running(since: start))
    }

    @Test func nothingStartsWhileSomethingSurvives() {
        var machine = running()
        _ = machine.exited(attempt: 1, "", at: start)
        #expect(machine.ended(survivors: [12, 13], at: start) == [.end])
        #expect(machine.reason == "processes that survive SIGKILL: 12, 13")
        #expect(machine.phase == .ending(.backOff))
    }

    @Test func aRestartComesWithoutAPause() {
        var machine = running()
        #expect(machine.restart() == [.end])
        #expect(machine.exited(attempt: 1, "", at: start) == [])
        #expect(machine.ended(survivors: [], at: start) == [.start])
        #expect(machine.attempt == 2)
    }

    @Test func aRestartEndsAPause() {
        var machine = ContainerMachine(attempt: 1, backOff: backOff)
        machine.startFailed("", at: start)
        #expect(machine.restart() == [.start])
        #expect(machine.attempt == 2)
    }

    @Test func aStopIsForGood() {
        var machine = running()
        #expect(machine.stop() == [.end])
        #expect(machine.restart() == [])
        #expect(machine.ended(survivors: [], at: start) == [])
        #expect(machine.phase == .stopped)
        #expect(machine.restart() == [])
        #expect(machine.timePassed(at: start + .seconds(100)) == [])
    }

    @Test func aStopWinsOverARestart() {
        var machine = running()
        _ = machine.restart()
        #expect(machine.stop() == [])
        #expect(machine.ended(survivors: [], at: start) == [])
        #expect(machine.phase == .stopped)
    }

    @Test func anAdoptedContainerKeepsItsAttempt() {
        var machine = ContainerMachine(adopting: 7, backOff: backOff, at: start)
        #expect(machine.exited(attempt: 7, "", at: start) == [.end])
        _ = machine.ended(survivors: [], at: start)
        #expect(machine.timePassed(at: start + .seconds(1)) == [.start])
        #expect(machine.attempt == 8)
    }
}
