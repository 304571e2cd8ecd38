import Glibc
import Testing

@testable import ExecutorCore

@Suite struct FilesTests {
    @Test func linesAreCutAtTheirEndsAndAtTheLimit() {
        var splitter = LineSplitter()
        func add(_ text: String) -> [String] {
            Array(text.utf8).withUnsafeBytes { splitter.lines(adding: $0) }
        }
        #expect(add("one\r\ntw") == ["one"])
        #expect(add("o\n\nthr") == ["two", ""])
        #expect(splitter.finish() == "thr")
        #expect(splitter.finish() == nil)
        let long = String(repeating: "x", count: LineSplitter.longestLine)
        #expect(add(long + "yz\n") == [long, "yz"])
    }

    @Test func aFullLogIsReplaced() throws {
        let folder = try TemporaryFolder()
        let log = try RotatingLog(path: "\(folder.path)/log", maximumSize: 4, maximumFiles: 3)
        for text in ["one\n", "two\n", "three\n", "4\n", "\n\n"] {
            #expect(write(log.descriptor, text, text.utf8.count) == text.utf8.count)
            log.rotateIfFull()
        }
        #expect(folder.names() == ["log", "log.1", "log.2"])
        #expect(folder.read("log") == "" && folder.read("log.1") == "4\n\n\n" && folder.read("log.2") == "three\n")
    }

    @Test func aSingleFullLogStartsAnew() throws {
        let folder = try TemporaryFolder()
        let log = try RotatingLog(path: "\(folder.path)/log", maximumSize: 1, maximumFiles: 1)
        _ = write(log.descriptor, "a", 1)
        log.rotateIfFull()
        _ = write(log.descriptor, "b", 1)
        #expect(folder.names() == ["log"] && folder.read("log") == "b")
    }

    @Test func aLogThatCannotBeOpenedIsNamed() {
        let error = #expect(throws: ExecutorError.self) {
            try RotatingLog(path: "/no/such/log", maximumSize: 1, maximumFiles: 1)
        }
        #expect(error?.description == "cannot open the log '/no/such/log': no such file or directory")
    }

    @Test func pidFilesHoldTheNumberAlone() throws {
        let folder = try TemporaryFolder()
        let files = PIDFiles(directory: folder.path)
        try files.write(42, for: "stmgr-1")
        try files.write(4321, for: "stmgr-1")
        #expect(folder.names() == ["stmgr-1.pid"] && folder.read("stmgr-1.pid") == "4321")
        files.remove("stmgr-1")
        #expect(folder.names().isEmpty)
        #expect(throws: ExecutorError.self) { try PIDFiles(directory: "/no/such").write(1, for: "x") }
    }

    @Test func jarsAreFoundInClassPaths() throws {
        let folder = try TemporaryFolder()
        try folder.write("lib/a/one.jar", "")
        try folder.write("lib/b/readme", "")
        let cases = [
            ("./lib/a/*", true), ("lib/b/*", false), ("lib/none/*", false), ("lib/b/*:lib/a/*:", true),
            ("lib/a/one.jar", true), ("lib/a/two.jar", false), ("", false), (":", false),
            ("\(folder.path)/lib/a/*", true),
        ]
        for (classpath, expected) in cases {
            #expect(holdsJars(classpath: classpath, in: folder.path) == expected, "\(classpath)")
        }
    }

    @Test func theSandboxIsPrepared() throws {
        let folder = try TemporaryFolder()
        for name in ["heron-tmanager", "heron-stmgr", "heron-shell"] { try folder.write("heron-core/bin/\(name)", "") }
        let options = try executorOptions()
        try Sandbox(directory: folder.path).prepare(options, logDirectory: "log/files")
        #expect(access("\(folder.path)/heron-core/bin/heron-stmgr", X_OK) == 0)
        #expect(access("\(folder.path)/log/files", X_OK) == 0)
        unlink("\(folder.path)/heron-core/bin/heron-stmgr")
        let error = #expect(throws: ExecutorError.self) {
            try Sandbox(directory: folder.path).prepare(options, logDirectory: "log/files")
        }
        #expect(error?.description.hasSuffix("bin/heron-stmgr': no such file or directory") == true)
    }

    @Test func aTopologysFileIsUnpackedOnce() async throws {
        let folder = try TemporaryFolder()
        try folder.write("kept", "new")
        let sandbox = Sandbox(directory: folder.path)
        let environment = ["PATH": "/usr/bin:/bin"]
        #expect(shell("cd \(folder.path) && tar -cf words.tar kept && rm kept"))
        let tar = try executorOptions(["pkg-type": "tar", "topology-binary-file": "words.tar"])
        try await sandbox.unpackTopology(tar, environment: environment)
        #expect(folder.read("kept") == "new")

        let script = try executorOptions(["topology-binary-file": "words.py"])
        try await sandbox.unpackTopology(script, environment: [:])

        try folder.write("words.pex", "no archive")
        await #expect(throws: ExecutorError.self) {
            try await sandbox.unpackTopology(try executorOptions(), environment: environment)
        }
        let error = await #expect(throws: ExecutorError.self) {
            try await sandbox.unpackTopology(try executorOptions(), environment: ["PATH": "/none"])
        }
        #expect(error?.description.hasPrefix("cannot unpack 'words.pex': cannot start 'unzip'") == true)
        #expect(error?.description.hasSuffix("install the package unzip") == true)
    }

    private func shell(_ command: String) -> Bool { system(command) == 0 }
}
