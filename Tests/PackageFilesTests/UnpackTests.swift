import Files
import Glibc
import Testing

@testable import PackageFiles

@Suite struct UnpackTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [false, true])
    func everythingThatBelongsIntoAPackage(compressed: Bool) throws {
        var archive = TestArchive()
        archive.add("./", flag: "5")
        archive.add("./conf/", flag: "5", permissions: 0o755)
        archive.add("old-style/", flag: "0")
        archive.add("./conf/a.yaml", text: "a: 1\n")
        archive.add("bin/deep/tool", text: "#!\n", permissions: 0o755)
        archive.add("bin/link", flag: "2", link: "deep/tool")
        archive.add("bin/deep/up", flag: "2", link: "../../conf")
        archive.add("bin/same", flag: "1", link: "./bin/deep/tool")
        archive.add("conf/a.yaml", text: "a: 2\n")
        archive.add("empty", text: "")
        let package: String =
            compressed ? try archive.writeCompressed(to: folder) : try archive.write(to: folder)

        try unpackPackage(at: package, into: folder["new/out"])

        #expect(try folderEntries(folder["new/out"]) == ["bin", "conf", "empty", "old-style"])
        #expect(try folder.text("new/out/conf/a.yaml") == "a: 2\n")
        #expect(try folder.text("new/out/bin/link") == "#!\n")
        #expect(try folder.text("new/out/bin/deep/up/a.yaml") == "a: 2\n")
        #expect(try FileStatus(following: folder["new/out/old-style"]).kind == .folder)
        let tool = try FileStatus(following: folder["new/out/bin/deep/tool"])
        #expect(try FileStatus(following: folder["new/out/bin/same"]).identity == tool.identity)
        #expect(tool.permissions == 0o755)
        #expect(tool.modified == 1_000_000_000)
    }

    @Test func permissionsThatChangeTheUserAreDropped() throws {
        var archive = TestArchive()
        archive.add("tool", text: "x", permissions: 0o6755)
        try unpackPackage(at: archive.write(to: folder), into: folder["out"])
        var status = stat()
        #expect(stat(folder["out/tool"], &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o755)
    }

    @Test func whatIsInTheFolderStays() throws {
        var archive = TestArchive()
        archive.add("new", text: "new")
        archive.add("taken", text: "new")
        try folder.write("out/taken", "old")
        try folder.write("out/other", "old")
        let error = PackageError.alreadyExists(package: folder["package.tar"], path: folder["out/taken"])
        #expect(throws: error) { try unpackPackage(at: archive.write(to: folder), into: folder["out"]) }
        #expect(try folderEntries(folder["out"]) == ["other", "taken"])
        #expect(try folder.text("out/taken") == "old")

        try removeFile(folder["out/taken"])
        try unpackPackage(at: folder["package.tar"], into: folder["out"])
        #expect(try folderEntries(folder["out"]) == ["new", "other", "taken"])
    }

    @Test func tooManyMembers() throws {
        var archive = TestArchive()
        for index in 0..<4 { archive.add("\(index)", text: "") }
        let package: String = try archive.write(to: folder)
        #expect(throws: PackageError.tooLarge(package: package, reason: "it has more than 3 members")) {
            try unpackPackage(at: package, into: folder["out"], limits: UnpackLimits(members: 3))
        }
        #expect(try !folder.exists("out"))
    }

    @Test func smallArchivesThatHideLargeContents() throws {
        var archive = TestArchive()
        archive.add("zeros", content: [UInt8](repeating: 0, count: 1 << 20))
        let package: String = try archive.writeCompressed(to: folder)
        let reason = "it holds more than 100000 bytes when unpacked"
        #expect(throws: PackageError.tooLarge(package: package, reason: reason)) {
            try unpackPackage(at: package, into: folder["out"], limits: UnpackLimits(bytes: 100_000))
        }
        #expect(try !folder.exists("out"))
    }

    @Test func cancellation() async throws {
        var archive = TestArchive()
        archive.add("a", text: "a")
        let package: String = try archive.write(to: folder)
        let out: String = folder["out"]
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try unpackPackage(at: package, into: out)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try !folder.exists("out"))
    }

    @Test func foldersThatCannotBeMade() throws {
        var archive = TestArchive()
        archive.add("a", text: "a")
        let package: String = try archive.write(to: folder)
        #expect(throws: FileError("create the folder", "\(package)", code: ENOTDIR)) {
            try unpackPackage(at: package, into: "\(package)/out")
        }
        let error: FileError? = #expect(throws: FileError.self) {
            try unpackPackage(at: package, into: "/proc/heron-test")
        }
        #expect(error?.path == "/proc/heron-test")
    }
}
