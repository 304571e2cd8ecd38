import Glibc
import Testing

@testable import Processes

@Suite struct IdentityTests {
    @Test func thisProcessIsAlive() throws {
        let current = try #require(ProcessIdentity.current)
        #expect(current.processID == getpid())
        #expect(current.isAlive)
        #expect(ProcessIdentity(current.description) == current)
    }

    @Test(arguments: ["", "1", "1 2", "x 2 b", "1 x b", "-1 2 b", "0 2 b", "1 2 b c"])
    func aTextThatIsNoIdentityIsRefused(_ text: String) {
        #expect(ProcessIdentity(text) == nil)
    }

    @Test func anotherBootsProcessIsDead() throws {
        let current = try #require(ProcessIdentity.current)
        let old = ProcessIdentity(processID: current.processID, startTime: current.startTime, bootID: "another")
        #expect(!old.isAlive)
        #expect(try ProcessGroup(ledBy: old).members().isEmpty)
    }

    @Test func namesWithParenthesesAreRead() throws {
        let line = "42 (a) b) (c) S 1 2 3 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0\n"
        let stat = try #require(ProcessStat(parsing: Array(line.utf8)))
        #expect(stat.processID == 42 && stat.name == "a) b) (c" && stat.state == "S")
        #expect(stat.parent == 1 && stat.group == 2 && stat.session == 3 && stat.startTime == 777)
        #expect(!stat.isZombie)
    }

    @Test(arguments: ["", "42", "42 (x)", "42 )x( S 1 2 3", "42 (x) S 1 2 3"])
    func aLineThatIsCutShortIsNoProcess(_ line: String) {
        #expect(ProcessStat(parsing: Array(line.utf8)) == nil)
    }
}
