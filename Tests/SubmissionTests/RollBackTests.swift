import Synchronization
import Testing

@testable import Submission

struct RollBackTests {
    private struct Refused: Error, CustomStringConvertible {
        let description = "permission denied"
    }

    private final class Journal: Sendable {
        private let entries = Mutex<[String]>([])
        func note(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    @Test func nothingToUndoIsNoFailure() async {
        #expect(await RollBack().run() == [])
    }

    @Test func stepsAreUndoneTheLastFirst() async {
        let journal = Journal()
        var rollBack = RollBack()
        for name in ["state", "upload", "launch"] { rollBack.add(name) { journal.note(name) } }
        #expect(await rollBack.run() == [])
        #expect(journal.all == ["launch", "upload", "state"])
    }

    @Test func aStepThatFailsIsToldAndDoesNotKeepTheOthersFromBeingUndone() async {
        let journal = Journal()
        var rollBack = RollBack()
        rollBack.add("state") { journal.note("state") }
        rollBack.add("upload") { throw Refused() }
        rollBack.add("launch") { journal.note("launch") }
        #expect(await rollBack.run() == ["could not undo 'upload': permission denied"])
        #expect(journal.all == ["launch", "state"])
    }

    /// Ctrl-C starts a roll-back, so it must not stop one.
    @Test func runsToItsEndInACancelledTask() async {
        let journal = Journal()
        var rollBack = RollBack()
        for name in ["state", "upload"] {
            rollBack.add(name) {
                try Task.checkCancellation()
                journal.note(name)
            }
        }
        let task = Task { [rollBack] in
            while !Task.isCancelled { await Task.yield() }
            return await rollBack.run()
        }
        task.cancel()
        #expect(await task.value == [])
        #expect(journal.all == ["upload", "state"])
    }
}
