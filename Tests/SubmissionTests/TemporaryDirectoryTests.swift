import Files
import Glibc
import Testing

@testable import Submission

struct TemporaryDirectoryTests {
    @Test func isTheUsersOwnAndGoesWithAllThatIsInIt() throws {
        let directory: TemporaryDirectory = try .create()
        defer { directory.remove() }
        #expect(try FileStatus(following: directory.path).permissions == 0o700)
        let folder: String = try directory.makeSubdirectory("definitions")
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        directory.remove()
        #expect(try FileStatus.ifPresent(directory.path) == nil)
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let directory: TemporaryDirectory = try .create()
        defer { directory.remove() }
        _ = try directory.makeSubdirectory("definitions")
        let error = try #require(throws: SubmissionError.self) { try directory.makeSubdirectory("definitions") }
        #expect(error.description == "cannot make '\(directory.path)/definitions': File exists")
    }
}
