import Files
import Glibc
import PackageFiles
import Testing

@testable import Uploading

@Suite struct UploadingTests {
    private let folder: TemporaryFolder
    private static let fileName = "WordCount-alice-tag-0.tar.gz"

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("package", "new")
    }

    private func uploader() throws -> any Uploader {
        try Uploaders.named(
            "org.apache.heron.uploader.localfs.LocalFileSystemUploader",
            UploaderSettings(directory: folder["a/store"], httpURI: nil, topology: "WordCount", role: "alice")
        )
    }

    @Test func uploads() async throws {
        let upload = try await uploader().upload(folder["package"])
        #expect(upload.uri == "file://\(folder.path)/a/store/\(UploadingTests.fileName)")
        #expect(try folder.text("a/store/\(UploadingTests.fileName)") == "new")
        try await upload.keep()
        #expect(try folderEntries(folder["a/store"]) == [UploadingTests.fileName])
    }

    @Test func undoLeavesNothing() async throws {
        let upload = try await uploader().upload(folder["package"])
        try await upload.undo()
        #expect(try folderEntries(folder.path) == ["package"])
    }

    @Test func undoBringsThePreviousPackageBack() async throws {
        try folder.write("a/store/\(UploadingTests.fileName)", "old")
        let upload = try await uploader().upload(folder["package"])
        #expect(try folder.text("a/store/\(UploadingTests.fileName)") == "new")
        try await upload.undo()
        #expect(try folder.text("a/store/\(UploadingTests.fileName)") == "old")
        #expect(try folderEntries(folder["a/store"]) == [UploadingTests.fileName])
    }

    @Test func keepingRemovesThePreviousPackage() async throws {
        try folder.write("a/store/\(UploadingTests.fileName)", "old")
        try await uploader().upload(folder["package"]).keep()
        #expect(try folder.text("a/store/\(UploadingTests.fileName)") == "new")
        #expect(try folderEntries(folder["a/store"]) == [UploadingTests.fileName])
    }

    @Test func undoLeavesSomebodyElsesPackageAlone() async throws {
        try folder.write("other", "other")
        let mine = try await uploader().upload(folder["package"])
        let other = try await uploader().upload(folder["other"])
        try await mine.undo()
        #expect(try folder.text("a/store/\(UploadingTests.fileName)") == "other")
        try await other.keep()
        #expect(try folderEntries(folder["a/store"]) == [UploadingTests.fileName])
    }

    @Test func failuresLeaveNothingAndNameTheFile() async throws {
        await #expect(throws: FileError("read", folder["none"], code: ENOENT)) {
            _ = try await uploader().upload(folder["none"])
        }
        #expect(try folderEntries(folder.path) == ["package"])

        try folder.write("a", "in the way")
        await #expect(throws: FileError("create the folder", folder["a"], code: ENOTDIR)) {
            _ = try await uploader().upload(folder["package"])
        }
        #expect(try folder.text("a") == "in the way")
    }

    @Test func folderInThePlaceOfThePackage() async throws {
        let target = "a/store/\(UploadingTests.fileName)"
        _ = try createFolders(folder[target])
        await #expect(throws: FileError("write", folder[target], code: EISDIR)) {
            _ = try await uploader().upload(folder["package"])
        }
        #expect(try folderEntries(folder["a/store"]) == [UploadingTests.fileName])
    }

    @Test func cancellation() async throws {
        let uploader = try uploader()
        let package: String = folder["package"]
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await uploader.upload(package)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try folderEntries(folder.path) == ["package"])
    }

    @Test func unusualNamesMakeURIsThatCanBeFetched() async throws {
        var archive = TestArchive()
        archive.add("a", text: "a")
        let package: String = try archive.writeCompressed(to: folder)
        let uploader = try LocalFileSystemUploader(directory: folder["s p"], topology: "My 100% Töp#?", role: "r")
        let upload = try uploader.upload(package)
        #expect(upload.uri.hasSuffix("/s%20p/My%20100%25%20T%C3%B6p%23%3F-r-tag-0.tar.gz"))
        try fetchPackage(uri: upload.uri, into: folder["out"])
        #expect(try folder.text("out/a") == "a")
    }

    @Test func namesThatWouldLeaveTheFolder() {
        for (topology, role) in [("../x", "r"), ("t", "a/b"), ("", "r"), ("t", "")] {
            #expect(throws: UploadError.self) {
                try LocalFileSystemUploader(directory: "/d", topology: topology, role: role)
            }
        }
    }

    @Test func classNames() throws {
        func named(_ name: String, directory: String? = "/d", http: String? = "http://h/p") throws -> any Uploader {
            try Uploaders.named(name, UploaderSettings(directory: directory, httpURI: http, topology: "t", role: "r"))
        }
        let local = "uploader.localfs.LocalFileSystemUploader"
        #expect(try named("org.apache.heron.\(local)") is LocalFileSystemUploader)
        #expect(try named("com.twitter.heron.\(local)") is LocalFileSystemUploader)
        #expect(try named("com.twitter.heron.uploader.NullUploader", directory: nil) is NullUploader)
        #expect(try named("com.twitter.heron.uploader.scheduler.SchedulerUploader") is SchedulerUploader)
        #expect(try named("com.twitter.heron.uploader.http.HttpUploader") is HTTPUploader)
        for other in ["hdfs.Hdfs", "scp.Scp", "s3.S3", "gcs.Gcs", "dlog.DL"] {
            let name = "org.apache.heron.uploader.\(other)Uploader"
            #expect(throws: UploadError.notThereYet(className: name)) { try named(name) }
        }
        #expect(throws: UploadError.unknownClass("a.B")) { try named("a.B") }
        #expect(throws: UploadError.missingSetting(key: "heron.uploader.localfs.file.system.directory")) {
            try named("org.apache.heron.\(local)", directory: nil)
        }
        let http = "org.apache.heron.uploader.http.HttpUploader"
        #expect(throws: UploadError.missingSetting(key: "heron.uploader.http.uri")) { try named(http, http: "") }
        for uri in ["ftp://h/p", "h:80/p", "file:///p"] {
            #expect(throws: UploadError.badHTTPURI) { try named(http, http: uri) }
        }
    }

    @Test func nullUploader() async throws {
        let upload = try await Uploaders.named(
            "org.apache.heron.uploader.NullUploader",
            UploaderSettings(directory: nil, httpURI: nil, topology: "t", role: "r")
        ).upload("/nowhere")
        #expect(upload.uri == "null://uploader:9519/w#lanfang")
        try await upload.undo()
    }
}
