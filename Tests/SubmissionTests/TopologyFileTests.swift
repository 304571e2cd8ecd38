import Files
import Glibc
import PackageFiles
import Testing

@testable import Submission

struct TopologyFileTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test func knowsAPythonFile() throws {
        let path: String = try folder.write("words.py", "pass\n")
        let file = try TopologyFile(path)
        #expect(file.kind == .python)
        #expect(file.path == path)
        #expect(file.name == "words.py")
    }

    @Test func knowsAPexByItsNameAndContent() throws {
        // The end record of an empty zip archive, behind the line that a pex begins with.
        let path: String = try folder.write(
            "words.pex",
            Array("#!/usr/bin/env python3\n".utf8) + [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        )
        #expect(try TopologyFile(path).kind == .pex)
    }

    @Test func aLinkIsFollowed() throws {
        try folder.write("target.py", "pass\n")
        #expect(symlink("target.py", "\(folder.path)/link.py") == 0)
        #expect(try TopologyFile("\(folder.path)/link.py").name == "link.py")
    }

    @Test(arguments: [
        ("topology.tar", TopologyFile.Kind.tar), ("topology.tar.gz", .tar), ("topology.so", .library),
        ("topology.dylib", .library),
    ])
    func knowsOthersByTheirNames(name: String, kind: TopologyFile.Kind) throws {
        #expect(try TopologyFile(folder.write(name, "content")).kind == kind)
    }

    @Test func aJarThatIsNoArchiveIsRefused() throws {
        let path: String = try folder.write("words.jar", "no archive")
        let error = try #require(throws: PackageError.self) { try TopologyFile(path) }
        #expect(error.description.hasSuffix("it is not a zip archive, as a jar must be"))
    }

    @Test(arguments: ["topology", "topology.txt", "topology.py.gz", ".pyc"])
    func otherTypesAreRefused(name: String) throws {
        #expect(
            try refusal(of: name)
                == "topology file '\(name)' is of an unknown type; use a .jar, .tar, .tar.gz, .pex or .py file"
        )
    }

    @Test func aURIIsRefused() throws {
        #expect(try refusal(of: "https://host/words.pex").contains("is a URI, which is not supported yet; download it"))
    }

    @Test func aMissingFileIsRefused() throws {
        let path = "\(folder.path)/missing.py"
        #expect(try refusal(of: path) == "topology file '\(path)' does not exist; check its path")
    }

    @Test func anEmptyFileIsRefused() throws {
        let path: String = try folder.write("empty.py", "")
        #expect(try refusal(of: path) == "topology file '\(path)' is empty")
    }

    @Test func aFolderIsRefused() throws {
        #expect(mkdir("\(folder.path)/folder.py", 0o700) == 0)
        #expect(try refusal(of: "\(folder.path)/folder.py").hasSuffix("is not a regular file"))
    }

    /// Opening a pipe that no one writes to would hang.
    @Test func aPipeIsRefused() throws {
        #expect(mkfifo("\(folder.path)/pipe.py", 0o600) == 0)
        #expect(try refusal(of: "\(folder.path)/pipe.py").hasSuffix("is not a regular file"))
    }

    /// A link to itself cannot be read by anybody, not even by root.
    @Test func anUnreadableFileIsNamed() throws {
        let path = "\(folder.path)/loop.py"
        #expect(symlink("loop.py", path) == 0)
        let error = try #require(throws: FileError.self) { try TopologyFile(path) }
        #expect(error.description.hasPrefix("cannot read '\(path)': "))
    }

    @Test func aPexThatIsNoArchiveIsRefused() throws {
        let path: String = try folder.write("words.pex", "#!/usr/bin/env python3\nprint('no archive')\n")
        #expect(throws: (any Error).self) { try TopologyFile(path) }
    }

    private func refusal(of path: String) throws -> String {
        try #require(throws: SubmissionError.self) { try TopologyFile(path) }.description
    }
}
