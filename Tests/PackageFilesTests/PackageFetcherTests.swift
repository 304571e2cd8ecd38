import Files
import Glibc
import Testing

@testable import PackageFiles

@Suite struct PackageFetcherTests {
    @Test(arguments: [
        ("/a/b.tar.gz", "/a/b.tar.gz"),
        ("b.tar.gz", "b.tar.gz"),
        ("file:///a/b.tar.gz", "/a/b.tar.gz"),
        ("FILE://localhost/a", "/a"),
        ("file:///My%20Top%2Fx%C3%BC", "/My Top/xü"),
    ])
    func paths(uri: String, path: String) throws {
        #expect(try packagePath(uri: uri) == path)
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("http://h/p", "http is not there yet; only file:// and paths are fetched"),
        ("https://h/p", "https is not there yet; only file:// and paths are fetched"),
        ("hdfs://h/p", "only file:// and paths are fetched"),
        ("file://host/p", "a file URI must name an absolute path: file:///…"),
        ("file:///p%2", "it has a '%' that is not followed by two hex digits"),
        ("file:///p%+1", "it has a '%' that is not followed by two hex digits"),
        ("file:///p%00", "it has a '%' that is not followed by two hex digits"),
    ])
    func urisThatCannotBeFetched(uri: String, reason: String) {
        #expect(throws: PackageError.unsupportedURI(uri: uri, reason: reason)) { try packagePath(uri: uri) }
    }

    @Test func fetches() throws {
        let folder = try TemporaryFolder()
        var archive = TestArchive()
        archive.add("heron-core/bin/tool", text: "tool")
        let package: String = try archive.writeCompressed(to: folder, name: "core package.tar.gz")
        let uri: String = "file://" + package.split(separator: " ").joined(separator: "%20")
        try fetchPackage(uri: uri, into: folder["out"])
        #expect(try folder.text("out/heron-core/bin/tool") == "tool")
    }

    @Test func links() throws {
        let folder = try TemporaryFolder()
        try folder.write("core/bin/tool", "tool")
        try folder.write("out/other", "")
        try linkPackage(folder: folder["core"], as: folder["out/heron-core"])
        #expect(try folder.text("out/heron-core/bin/tool") == "tool")
        #expect(throws: FileError("create the link", folder["out/other"], code: EEXIST)) {
            try linkPackage(folder: folder["core"], as: folder["out/other"])
        }
        #expect(throws: FileError("read", folder["none"], code: ENOENT)) {
            try linkPackage(folder: folder["none"], as: folder["out/x"])
        }
        #expect(throws: FileError("read", folder["out/other"], code: ENOTDIR)) {
            try linkPackage(folder: folder["out/other"], as: folder["out/x"])
        }
    }
}
