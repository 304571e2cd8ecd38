import Files
import Glibc
import Processes
import Testing

@testable import PackageFiles

/// Archives are exchanged with the system's tar, in all its formats.
@Suite struct SystemTarTests {
    private let folder: TemporaryFolder
    private static let longName = String(repeating: "folder/", count: 20) + String(repeating: "n", count: 200)

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: ["gnu", "oldgnu", "pax", "ustar", "v7"])
    func unpacksWhatTarPacked(format: String) async throws {
        try folder.write("in/top", "top")
        try folder.write("in/bin/tool", "tool", permissions: 0o755)
        // ustar splits names at a slash to hold up to 255 bytes; v7 holds 99.
        let long: String =
            switch format {
            case "ustar": String(repeating: "folder/", count: 20) + "n"
            case "v7": "folder/n"
            default: SystemTarTests.longName
            }
        try folder.write("in/\(long)", "long")
        try await tar("-C", folder["in"], "--format=\(format)", "-czf", folder["p.tar.gz"], ".")

        try unpackPackage(at: folder["p.tar.gz"], into: folder["out"])

        #expect(try folder.text("out/top") == "top")
        #expect(try FileStatus(following: folder["out/bin/tool"]).permissions & 0o100 != 0)
        #expect(try folder.text("out/\(long)") == "long")
    }

    @Test func sparseMembersAreRefused() async throws {
        try folder.write("sparse", "")
        #expect(truncate(folder["sparse"], 1 << 20) == 0)
        for format in ["gnu", "pax"] {
            try await tar("-C", folder.path, "--format=\(format)", "--sparse", "-cf", folder["p.tar"], "sparse")
            #expect(throws: PackageError.self) { try unpackPackage(at: folder["p.tar"], into: folder["out"]) }
            #expect(try !folder.exists("out"))
        }
    }

    @Test func tarUnpacksWhatWePack() async throws {
        try folder.write("conf/\(SystemTarTests.longName)", "long")
        try folder.write("word.py", "topology")
        try folder.write("word.defn", "definition")
        try folder.write("release.yaml", "release")
        try folder.write("any-name", "{}\n")
        let package = TopologyPackage(
            topologyFile: folder["word.py"],
            definitionFile: folder["word.defn"],
            configurationFolder: folder["conf"],
            releaseFile: folder["release.yaml"],
            overrideFile: folder["any-name"]
        )
        try package.write(to: folder["p.tar.gz"])
        _ = try createFolders(folder["out"])
        try await tar("-C", folder["out"], "-xzf", folder["p.tar.gz"])

        #expect(try folder.text("out/word.py") == "topology")
        #expect(try folder.text("out/heron-conf/\(SystemTarTests.longName)") == "long")
        #expect(try folder.text("out/heron-conf/override.yaml") == "{}\n")
    }

    private func tar(_ arguments: String...) async throws {
        let child = try ChildProcess.spawn(
            executable: "/bin/tar",
            arguments: arguments,
            environment: ["PATH": "/usr/bin:/bin"],
            stderr: .inheritedError
        )
        #expect(await child.wait().isSuccess)
    }
}
