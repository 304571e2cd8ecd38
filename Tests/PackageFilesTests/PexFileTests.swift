import Files
import Testing

@testable import PackageFiles

@Suite struct PexFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [false, true])
    func ordinaryPexFiles(zip64: Bool) throws {
        let bytes: [UInt8] =
            Array("#!/usr/bin/env python3\n".utf8) + TestZip.make(["__main__.py", "a/", "a/b.py"], zip64: zip64)
        try checkPexFile(at: folder.write("t.pex", bytes: bytes))
    }

    @Test func commentsAtTheEnd() throws {
        let bytes: [UInt8] = TestZip.make(["a"], comment: "PK\u{5}\u{6} is how it begins")
        try checkPexFile(at: folder.write("t.pex", bytes: bytes))
    }

    @Test(arguments: [
        ("/etc/passwd", "its name is absolute"),
        ("../x", "its name contains '..'"),
        ("a/../../x", "its name contains '..'"),
        ("", "it has no name"),
    ])
    func badNames(name: String, reason: String) throws {
        let path: String = try folder.write("t.pex", bytes: TestZip.make(["good", name]))
        #expect(throws: PackageError.unsafeMember(package: path, member: name, reason: reason)) {
            try checkPexFile(at: path)
        }
    }

    @Test func links() throws {
        let path: String = try folder.write("t.pex", bytes: TestZip.make(["l"], mode: 0o120777))
        #expect(throws: PackageError.unsafeMember(package: path, member: "l", reason: "it is a link")) {
            try checkPexFile(at: path)
        }
    }

    @Test(arguments: [[], Array("print('hello')\n".utf8), [UInt8](repeating: 0x50, count: 100_000)])
    func notAZip(_ bytes: [UInt8]) throws {
        let path: String = try folder.write("t.pex", bytes: bytes)
        let reason = "it is not a zip archive, as a pex must be"
        #expect(throws: PackageError.malformed(package: path, reason: reason)) { try checkPexFile(at: path) }
    }

    @Test(arguments: [false, true])
    func damagedDirectories(zip64: Bool) throws {
        let original: [UInt8] = TestZip.make(["__main__.py", "a/b.py"], zip64: zip64)
        for position in original.indices {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var bytes: [UInt8] = original
                bytes[position] = value
                // Some damage does not matter; none may crash.
                try? checkPexFile(at: folder.write("t.pex", bytes: bytes))
                try removeFile(folder["t.pex"])
            }
        }
        let path: String = try folder.write("t.pex", bytes: Array(original.dropFirst(10)))
        #expect(throws: PackageError.malformed(package: path, reason: "its zip directory is damaged")) {
            try checkPexFile(at: path)
        }
    }
}

/// Zip archives without contents: the directory is all that counts.
private enum TestZip {
    static func make(_ names: [String], mode: Int = 0o100644, zip64: Bool = false, comment: String = "") -> [UInt8] {
        var directory: [UInt8] = []
        for name in names {
            directory += little(0x0201_4B50, 4) + little(0, 24) + little(name.utf8.count, 2) + little(0, 8)
            directory += little(mode << 16, 4) + little(0, 4) + Array(name.utf8)
        }
        var bytes: [UInt8] = directory
        if zip64 {
            bytes += little(0x0606_4B50, 4) + little(44, 8) + little(0, 12) + little(names.count, 8)
            bytes += little(names.count, 8) + little(directory.count, 8) + little(0, 8)
            bytes += little(0x0706_4B50, 4) + little(0, 16)
        }
        bytes += little(0x0605_4B50, 4) + little(0, 4) + little(0, 2)
        bytes += little(zip64 ? 0xFFFF : names.count, 2) + little(zip64 ? 0xFFFF_FFFF : directory.count, 4)
        return bytes + little(0, 4) + little(comment.utf8.count, 2) + Array(comment.utf8)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
}
