import Files
import Glibc
import Testing

@testable import PackageFiles

/// Packages that would do harm, or are none.
@Suite struct UnsafePackageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    struct Member: Sendable, CustomTestStringConvertible {
        let name: String
        var flag: Character = "0"
        var link: String = ""
        let reason: String

        var testDescription: String { "\(name.prefix(20)) \(flag) \(link)" }
    }

    @Test(arguments: [
        Member(name: "", reason: "it has no name"),
        Member(name: "/etc/passwd", reason: "its name is absolute"),
        Member(name: "../x", reason: "its name contains '..'"),
        Member(name: "a/../../x", reason: "its name contains '..'"),
        Member(name: "a/..", flag: "5", reason: "its name contains '..'"),
        Member(name: ".", reason: "it is not a folder"),
        Member(name: "dev", flag: "3", reason: "it is a device or a named pipe"),
        Member(name: "dev", flag: "4", reason: "it is a device or a named pipe"),
        Member(name: "pipe", flag: "6", reason: "it is a device or a named pipe"),
        Member(name: "what", flag: "Z", reason: "it is neither a file, a folder nor a link"),
        Member(name: "l", flag: "2", link: "/etc", reason: "it is a link to '/etc', which is not a relative path"),
        Member(name: "l", flag: "2", link: "", reason: "it is a link to '', which is not a relative path"),
        Member(name: "l", flag: "2", link: "..", reason: "it is a link to '..', which may lead out of the folder"),
        Member(
            name: "a/l",
            flag: "2",
            link: "../..",
            reason: "it is a link to '../..', which may lead out of the folder"
        ),
        Member(
            name: "a/l",
            flag: "2",
            link: "b/../c",
            reason: "it is a link to 'b/../c', which may lead out of the folder"
        ),
        Member(name: "good/x", reason: "'good' in the package is not a folder"),
        Member(name: "link/x", reason: "'link' in the package is not a folder"),
        Member(name: "link", reason: "the package has another member of this name"),
        Member(name: "folder", reason: "the package has another member of this name"),
        Member(name: "good", flag: "5", reason: "'good' in the package is not a folder"),
        Member(
            name: "hard",
            flag: "1",
            link: "nothing",
            reason: "it is a link to 'nothing', which is no file before it in the package"
        ),
        Member(
            name: "hard",
            flag: "1",
            link: "../good",
            reason: "it is a link to '../good', which is no file before it in the package"
        ),
        Member(
            name: "hard",
            flag: "1",
            link: "link",
            reason: "it is a link to 'link', which is no file before it in the package"
        ),
    ])
    func oneBadMember(_ member: Member) throws {
        var archive = TestArchive()
        archive.add("good", text: "good")
        archive.add("folder/", flag: "5")
        archive.add("link", flag: "2", link: "folder")
        archive.add(member.name, flag: member.flag, link: member.link)
        let package: String = try archive.writeCompressed(to: folder)
        #expect(throws: PackageError.unsafeMember(package: package, member: member.name, reason: member.reason)) {
            try unpackPackage(at: package, into: folder["sub/out"])
        }
        #expect(try folderEntries(folder.path) == ["package.tar.gz"])
    }

    @Test func foldersWithinFoldersWithoutEnd() throws {
        var archive = TestArchive()
        let name: String = String(repeating: "d/", count: 70) + "x"
        archive.add("PaxHeader", flag: "x", content: ExtendedHeader.record("path", Array(name.utf8)))
        archive.add("short", text: "")
        let package: String = try archive.write(to: folder)
        let error = PackageError.unsafeMember(
            package: package,
            member: name,
            reason: "it is more than 64 folders deep"
        )
        #expect(throws: error) { try unpackPackage(at: package, into: folder["out"]) }
    }

    @Test func namesThatExtendedHeadersHide() throws {
        for (key, name) in [("path", "../evil"), ("path", "/evil"), ("path", "a\0b")] {
            var archive = TestArchive()
            archive.add("PaxHeader", flag: "x", content: ExtendedHeader.record(key, Array(name.utf8)))
            archive.add("innocent", text: "")
            let package: String = try archive.write(to: folder, name: temporaryName(for: "package"))
            #expect(throws: PackageError.self) { try unpackPackage(at: package, into: folder["out"]) }
            #expect(try !folder.exists("out"))
        }
    }

    @Test(arguments: [
        ([], "it is empty"),
        (Array("no archive".utf8), "it is not a tar archive"),
        ([UInt8](repeating: 0x41, count: 4096), "it is not a tar archive"),
    ])
    func filesThatAreNoArchives(_ bytes: [UInt8], _ reason: String) throws {
        let package: String = try folder.write("package.tar", bytes: bytes)
        #expect(throws: PackageError.malformed(package: package, reason: reason)) {
            try unpackPackage(at: package, into: folder["out"])
        }
        #expect(try !folder.exists("out"))
    }

    @Test func archivesThatAreCutOff() throws {
        var archive = TestArchive()
        archive.add("a", content: [UInt8](repeating: 1, count: 3000))
        let compressed: String = try archive.writeCompressed(to: folder, name: "whole")
        for (bytes, counts) in [
            (archive.bytes, [511, 512, 1000, archive.bytes.count]),
            (try folder.bytes("whole"), [40, try folder.bytes("whole").count - 1]),
        ] {
            for count in counts {
                let package: String = try folder.write(temporaryName(for: "cut"), bytes: Array(bytes.prefix(count)))
                let error: PackageError? = #expect(throws: PackageError.self) {
                    try unpackPackage(at: package, into: folder["out"])
                }
                guard case .malformed = error else {
                    Issue.record("\(count) bytes: \(error.map { "\($0)" } ?? "no error")")
                    continue
                }
                #expect(try !folder.exists("out"))
            }
        }
        try unpackPackage(at: compressed, into: folder["out"])
    }

    @Test func missingPackagesAndThingsThatAreNoFiles() throws {
        #expect(throws: FileError("read", folder["none"], code: ENOENT)) {
            try unpackPackage(at: folder["none"], into: folder["out"])
        }
        #expect(throws: FileError("read", folder.path, code: EISDIR)) {
            try unpackPackage(at: folder.path, into: folder["out"])
        }
        #expect(mkfifo(folder["pipe"], 0o600) == 0)
        #expect(throws: FileError("read", folder["pipe"], code: EINVAL)) {
            try unpackPackage(at: folder["pipe"], into: folder["out"])
        }
        #expect(try !folder.exists("out"))
    }

    /// Whatever the bytes are, nothing crashes and nothing appears beside the folder.
    @Test func damagedArchives() throws {
        var archive = TestArchive()
        archive.add("PaxHeader", flag: "x", content: ExtendedHeader.record("path", Array("long/name".utf8)))
        archive.add("short", text: "content")
        archive.add("LongLink", flag: "L", content: Array("other/name\0".utf8))
        archive.add("l", flag: "2", link: "long")
        archive.add("h", flag: "1", link: "long/name")
        let original: [UInt8] = archive.finished
        var generator = SeededGenerator(seed: 7)
        for round in 0..<400 {
            var bytes: [UInt8] = original
            let position = Int.random(in: 0..<archive.bytes.count, using: &generator)
            bytes[position] = UInt8.random(in: 0...255, using: &generator)
            // Half of them with a checksum that hides the damage.
            if round.isMultiple(of: 2) {
                let start: Int = position / 512 * 512
                var block = Array(bytes[start..<start + 512])
                TestArchive.sign(&block)
                bytes.replaceSubrange(start..<start + 512, with: block)
            }
            let package: String = try folder.write("package", bytes: bytes)
            try? unpackPackage(at: package, into: folder["out"], limits: UnpackLimits(members: 100, bytes: 1 << 20))
            #expect(try Set(folderEntries(folder.path)).isSubset(of: ["out", "package"]))
            try removeTree(folder["out"])
            try removeTree(folder["package"])
        }
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value: UInt64 = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
