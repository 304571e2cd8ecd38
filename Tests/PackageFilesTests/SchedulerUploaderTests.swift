import Files
import Glibc
import Testing

@testable import Uploading

@Suite struct SchedulerUploaderTests {
    private let folder: TemporaryFolder
    private static let checksum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("package", "abc")
        _ = try createFolders(folder["sandbox"])
    }

    @Test func namesThePackageAndLeavesNothing() async throws {
        let upload = try SchedulerUploader().upload(folder["package"])
        #expect(upload.uri == "scheduler:\(SchedulerUploaderTests.checksum)")
        try await upload.keep()
        #expect(try folderEntries(folder.path) == ["package", "sandbox"])
        #expect(throws: FileError("read", folder["none"], code: ENOENT)) {
            try SchedulerUploader().upload(folder["none"])
        }
    }

    @Test func bringsThePackageForItsOwnerOnly() throws {
        let served = try #require(try ServedPackage(uri: "scheduler:\(SchedulerUploaderTests.checksum)"))
        let copy = try served.bring(folder["package"], into: folder["sandbox"])
        #expect(copy == folder["sandbox/topology.tar.gz"])
        #expect(try folder.text("sandbox/topology.tar.gz") == "abc")
        var status = stat()
        #expect(stat(copy, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func refusesAnotherPackageAndLeavesNothing() throws {
        try folder.write("other", "abd")
        let uri = "scheduler:\(SchedulerUploaderTests.checksum)"
        let served = try #require(try ServedPackage(uri: uri))
        #expect(throws: UploadError.changed(path: folder["other"], uri: uri)) {
            try served.bring(folder["other"], into: folder["sandbox"])
        }
        #expect(throws: FileError("read", folder["none"], code: ENOENT)) {
            try served.bring(folder["none"], into: folder["sandbox"])
        }
        #expect(try folderEntries(folder["sandbox"]).isEmpty)
    }

    @Test(arguments: ["", "abc", String(repeating: "A", count: 64), "/" + String(repeating: "a", count: 63)])
    func urisWithoutChecksum(_ text: String) {
        #expect(throws: UploadError.badServedURI("scheduler:\(text)")) { try ServedPackage(uri: "scheduler:\(text)") }
    }

    @Test func otherURIs() throws {
        #expect(try ServedPackage(uri: "file:///p") == nil)
    }
}
