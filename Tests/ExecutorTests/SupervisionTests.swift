import Testing

@testable import ExecutorCore

@Suite struct SupervisionTests {
    private let policy = Supervision.Policy(
        firstDelay: .seconds(1),
        longestDelay: .seconds(5),
        stableRun: .seconds(60),
        failureLimit: 6
    )

    @Test func wantedProcessesStartInOrder() {
        var supervision = Supervision(policy)
        #expect(supervision.want([command("b"), command("a")]) == [.start(command("b"), 1), .start(command("a"), 2)])
        #expect(!supervision.isIdle)
        #expect(supervision.want([command("a"), command("b")]) == [])
    }

    @Test func delaysDoubleUntilTheLongest() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("a")])
        for (index, seconds) in [1, 2, 4, 5, 5, 5].enumerated() {
            let run = index + 1
            #expect(supervision.ended(run, after: .seconds(59)) == [.restart("a", run, after: .seconds(seconds))])
            #expect(supervision.restartDue(run) == [.start(command("a"), run + 1)])
        }
        #expect(supervision.ended(7, after: .zero) == [.giveUp("a")])
    }

    @Test func aStableRunMakesUpForFailures() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("a")])
        _ = supervision.ended(1, after: .zero)
        _ = supervision.restartDue(1)
        _ = supervision.ended(2, after: .zero)
        _ = supervision.restartDue(2)
        #expect(supervision.ended(3, after: .seconds(60)) == [.restart("a", 3, after: .seconds(1))])
        _ = supervision.restartDue(3)
        #expect(supervision.ended(4, after: .zero) == [.restart("a", 4, after: .seconds(2))])
    }

    @Test func eachProcessHasItsOwnDelay() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("a"), command("b")])
        _ = supervision.ended(1, after: .zero)
        _ = supervision.restartDue(1)
        #expect(supervision.ended(3, after: .zero) == [.restart("a", 3, after: .seconds(2))])
        #expect(supervision.ended(2, after: .zero) == [.restart("b", 2, after: .seconds(1))])
    }

    @Test func aPlanChangeTouchesOnlyWhatDiffers() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("gone"), command("kept"), command("changed")])
        let actions = supervision.want([command("kept"), command("changed", "new"), command("added")])
        // The changed one waits for its predecessor, which may hold its port.
        #expect(actions == [.stop(3), .stop(1), .start(command("added"), 4)])
        #expect(supervision.ended(1, after: .zero) == [])
        #expect(supervision.ended(3, after: .zero) == [.start(command("changed", "new"), 5)])
    }

    @Test func aChangeOfMindWhileAProcessStopsIsFollowed() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("a")])
        #expect(supervision.want([command("a", "2")]) == [.stop(1)])
        #expect(supervision.want([command("a", "3")]) == [])
        #expect(supervision.want([]) == [])
        #expect(supervision.want([command("a", "4")]) == [])
        #expect(supervision.ended(1, after: .zero) == [.start(command("a", "4"), 2)])
    }

    @Test func aPlanChangeEndsAWait() {
        var supervision = Supervision(policy)
        _ = supervision.want([command("a")])
        _ = supervision.ended(1, after: .zero)
        #expect(supervision.isIdle)
        #expect(supervision.want([command("a", "new")]) == [.start(command("a", "new"), 2)])
        #expect(supervision.restartDue(1) == [])
        _ = supervision.ended(2, after: .zero)
        #expect(supervision.want([]) == [] && supervision.restartDue(2) == [] && supervision.isIdle)
    }

    @Test func unknownRunsChangeNothing() {
        var supervision = Supervision(policy)
        #expect(supervision.ended(5, after: .zero) == [] && supervision.restartDue(5) == [])
    }

    @Test func theDefaultDelaysStartSmallAndEndAtHalfAMinute() {
        let policy = Supervision.Policy()
        #expect(policy.delay(afterFailure: 1) == .milliseconds(500))
        #expect(policy.delay(afterFailure: 3) == .seconds(2))
        #expect(policy.delay(afterFailure: 150) == .seconds(30))
        #expect(policy.failureLimit == 150)
    }

    private func command(_ name: String, _ argument: String = "") -> ProcessCommand {
        ProcessCommand(name: name, executable: "/bin/\(name)", arguments: [argument])
    }
}
