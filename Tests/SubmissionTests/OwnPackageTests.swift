import Files
import Glibc
import PackageFiles
import Testing
import Uploading

@testable import Submission

@Suite struct OwnPackageTests {
    private let folder: Folder
    private let package: String

    init() throws {
        folder = try Folder()
        package = "\(folder.path)/package.tar.gz"
        try TopologyPackage(
            topologyFile: folder.write("counting.py", "pass\n"),
            definitionFile: folder.write("Counting.defn", "definition"),
            configurationFolder: OwnPackageTests.makeFolder("\(folder.path)/conf"),
            releaseFile: folder.write("release.yaml", ""),
            overrideFile: folder.write("override.yaml", "")
        ).write(to: package)
    }

    private static func makeFolder(_ path: String) throws -> String {
        _ = try createFolders(path)
        return path
    }

    @Test func aServedPackageStaysBesideItsContent() throws {
        let uri: String = try SchedulerUploader().upload(package).uri
        let sandbox = "\(folder.path)/sandbox"
        try OwnPackage(uri: uri, file: package).fetch(uri: uri, into: sandbox)
        #expect(try folder.text("sandbox/counting.py") == "pass\n")
        #expect(try SHA256.ofFile("\(sandbox)/\(ServedPackage.fileName)") == String(uri.dropFirst("scheduler:".count)))
    }

    @Test func aChangedPackageLeavesNothing() throws {
        let uri = "scheduler:" + String(repeating: "0", count: 64)
        #expect(throws: UploadError.changed(path: package, uri: uri)) {
            try OwnPackage(uri: uri, file: package).fetch(uri: uri, into: "\(folder.path)/sandbox")
        }
        #expect(try FileStatus.ifPresent("\(folder.path)/sandbox") == nil)
    }

    @Test func aPackageThatCannotBeUnpackedLeavesNothing() throws {
        let broken: String = try folder.write("broken", "no archive")
        let uri: String = try SchedulerUploader().upload(broken).uri
        #expect(throws: PackageError.self) {
            try OwnPackage(uri: uri, file: broken).fetch(uri: uri, into: "\(folder.path)/sandbox")
        }
        #expect(try FileStatus.ifPresent("\(folder.path)/sandbox") == nil)
    }

    @Test func whatIsBehindAServerComesFromTheCopy() throws {
        let own = OwnPackage(uri: "http://store/p", file: package)
        try own.fetch(uri: "http://store/p", into: "\(folder.path)/sandbox")
        #expect(try folder.text("sandbox/counting.py") == "pass\n")
        #expect(throws: PackageError.self) { try own.fetch(uri: "http://store/other", into: "\(folder.path)/other") }
    }
}
