import Files
import Glibc
import Testing

@testable import PackageFiles

@Suite struct TopologyPackageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("work/word.pex", "pex", permissions: 0o755)
        try folder.write("tmp/WordCount.defn", "defn")
        try folder.write("conf/z.yaml", "z")
        try folder.write("conf/release.yaml", "from the folder")
        try folder.write("conf/sub/a.sh", "a", permissions: 0o755)
        try folder.write("release.yaml", "release")
        try folder.write("tmp/overrides", "a.b: '3'\n")
        #expect(symlink("../release.yaml", folder["conf/link.yaml"]) == 0)
    }

    private var package: TopologyPackage {
        TopologyPackage(
            topologyFile: folder["work/word.pex"],
            definitionFile: folder["tmp/WordCount.defn"],
            configurationFolder: folder["conf"],
            releaseFile: folder["release.yaml"],
            overrideFile: folder["tmp/overrides"]
        )
    }

    @Test func membersAreHeronsInAFixedOrder() throws {
        try package.write(to: folder["p.tar.gz"])
        let reader = try TarReader(GzipReader(path: folder["p.tar.gz"], limit: 1 << 20))
        var names: [String] = []
        while let member = try reader.next() {
            names.append(member.name)
            #expect(member.linkTarget == "")
        }
        try reader.finish()
        #expect(
            names == [
                "word.pex", "WordCount.defn", "./heron-conf/", "./heron-conf/link.yaml", "./heron-conf/release.yaml",
                "./heron-conf/sub/", "./heron-conf/sub/a.sh", "./heron-conf/z.yaml", "./heron-conf/override.yaml",
            ]
        )
    }

    @Test func unpackingGivesTheFilesBack() throws {
        try package.write(to: folder["p.tar.gz"])
        try unpackPackage(at: folder["p.tar.gz"], into: folder["out"])
        #expect(try folder.text("out/word.pex") == "pex")
        #expect(try FileStatus(following: folder["out/word.pex"]).permissions == 0o755)
        #expect(try folder.text("out/WordCount.defn") == "defn")
        #expect(try folder.text("out/heron-conf/release.yaml") == "release")
        #expect(try folder.text("out/heron-conf/override.yaml") == "a.b: '3'\n")
        #expect(try FileStatus.ifPresent(folder["out/heron-conf/link.yaml"])?.kind == .regular)
    }

    @Test func filesOfTheConfigurationAreLeftOutOrReplaced() throws {
        try folder.write("conf/sub/auth", "alice:hush")
        try folder.write("tmp/other", "other")
        let (left, replaced, other) = (folder["conf/sub/auth"], folder["conf/z.yaml"], folder["tmp/other"])
        let package = TopologyPackage(
            topologyFile: folder["work/word.pex"],
            definitionFile: folder["tmp/WordCount.defn"],
            configurationFolder: folder["conf"],
            releaseFile: folder["release.yaml"],
            overrideFile: folder["tmp/overrides"],
            choose: { $0 == left ? nil : $0 == replaced ? other : $0 }
        )
        try package.write(to: folder["p.tar.gz"])
        try unpackPackage(at: folder["p.tar.gz"], into: folder["out"])
        #expect(try FileStatus.ifPresent(folder["out/heron-conf/sub/auth"]) == nil)
        #expect(try folder.text("out/heron-conf/z.yaml") == "other")
        #expect(try folder.text("out/heron-conf/sub/a.sh") == "a")
    }

    @Test func equalFilesMakeEqualPackages() throws {
        try package.write(to: folder["1.tar.gz"])
        try package.write(to: folder["2.tar.gz"])
        #expect(try folder.bytes("1.tar.gz") == folder.bytes("2.tar.gz"))
    }

    @Test func largeFilesAreStreamed() throws {
        #expect(truncate(folder["work/word.pex"], 40 << 20) == 0)
        try package.write(to: folder["p.tar.gz"])
        try unpackPackage(at: folder["p.tar.gz"], into: folder["out"])
        #expect(try FileStatus(following: folder["out/word.pex"]).size == 40 << 20)
    }

    @Test func foldersThatContainThemselves() throws {
        #expect(symlink("..", folder["conf/sub/loop"]) == 0)
        let error = PackageError.unpackable(
            path: folder["conf/sub/loop"],
            reason: "it is a link to a folder that contains it"
        )
        #expect(throws: error) { try package.write(to: folder["p.tar.gz"]) }
        #expect(try !folder.exists("p.tar.gz"))
    }

    @Test func thingsThatCannotBePacked() throws {
        #expect(mkfifo(folder["conf/pipe"], 0o600) == 0)
        let error = PackageError.unpackable(path: folder["conf/pipe"], reason: "it is neither a file nor a folder")
        #expect(throws: error) { try package.write(to: folder["p.tar.gz"]) }
        try removeFile(folder["conf/pipe"])

        #expect(symlink("nowhere", folder["conf/dangling"]) == 0)
        #expect(throws: FileError("read", folder["conf/dangling"], code: ENOENT)) {
            try package.write(to: folder["p.tar.gz"])
        }
        #expect(try !folder.exists("p.tar.gz"))
    }

    @Test func membersOfTheSameName() throws {
        try folder.write("tmp/word.pex", "defn")
        let package = TopologyPackage(
            topologyFile: folder["work/word.pex"],
            definitionFile: folder["tmp/word.pex"],
            configurationFolder: folder["conf"],
            releaseFile: folder["release.yaml"],
            overrideFile: folder["tmp/overrides"]
        )
        #expect(throws: PackageError.self) { try package.write(to: folder["p.tar.gz"]) }
    }

    @Test func nothingIsOverwritten() throws {
        try folder.write("p.tar.gz", "mine")
        #expect(throws: FileError("create", folder["p.tar.gz"], code: EEXIST)) {
            try package.write(to: folder["p.tar.gz"])
        }
        #expect(try folder.text("p.tar.gz") == "mine")
    }

    @Test func fullDisksAreNamed() throws {
        let writer = try GzipWriter(File(reading: folder["release.yaml"]))
        // Written through a descriptor that is open for reading only: the system refuses, as it does when full.
        let error: FileError? = #expect(throws: FileError.self) { try writer.close() }
        #expect(error == FileError("write", folder["release.yaml"], code: EBADF))
    }
}
