import Glibc
import Testing

@testable import Processes

@Suite struct SignalsTests {
    @Test func signalsArriveInTheStreamsThatWantThem() async throws {
        var first = try Signals.stream(SIGUSR1, SIGUSR2).makeAsyncIterator()
        var second = try Signals.stream(SIGUSR2).makeAsyncIterator()
        kill(getpid(), SIGUSR1)
        #expect(await first.next() == SIGUSR1)
        kill(getpid(), SIGUSR2)
        #expect(await first.next() == SIGUSR2)
        #expect(await second.next() == SIGUSR2)
    }

    @Test func aSignalThatCannotBeCaughtIsRefused() {
        #expect(throws: ProcessError.self) { try Signals.stream(SIGKILL) }
    }
}
