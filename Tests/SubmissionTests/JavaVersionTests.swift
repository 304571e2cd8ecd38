import Glibc
import PackageFiles
import Processes
import Testing

@testable import Submission

/// Which Java a class needs, and which one there is, told without a JVM.
struct JavaVersionTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// Stored and compressed, and with bytes in front, which offsets in an archive do not count.
    @Test(arguments: ["zip -q0 words.jar", "zip -q words.jar"], [false, true])
    func aClassFileTellsTheJavaThatItNeeds(zip: String, isPrefixed: Bool) async throws {
        let jar: JarFile = try await jar(major: 69, zip: zip, isPrefixed: isPrefixed)
        #expect(try jar.javaVersion(of: "Words") == 25)
        #expect(try jar.javaVersion(of: "Other") == nil)

        try inspection(jar).check(className: "Words", runsWith: runtime(version: "25.0.1"))
        let error = try #require(throws: SubmissionError.self) {
            try inspection(jar).check(className: "Words", runsWith: runtime(version: "1.8.0_292"))
        }
        #expect(
            error.description
                == "class 'Words' of topology file 'words.jar' is compiled for Java 25, but '\(folder.path)/jdk/bin/java'"
                + " is Java 8; set JAVA_HOME to Java 25 or newer, or compile with javac --release 8"
        )
    }

    /// The JVM says what is wrong with it.
    @Test func whatIsNoClassFileIsLeftToTheJVM() async throws {
        let path: String = try await folder.jar("words.jar", ["org/Words.class"])
        #expect(try JarFile(path: path).javaVersion(of: "org.Words") == nil)
    }

    /// Scripts that stand in for `java` have no installation around them.
    @Test func aJavaThatDoesNotTellItsVersionIsTaken() async throws {
        let jar: JarFile = try await jar(major: 69, zip: "zip -q words.jar")
        let script: String = try folder.write("java", "#!/bin/sh\n")
        #expect(chmod(script, 0o755) == 0)
        let runtime = try JavaRuntime.find(in: ["JAVA_BIN": script])
        #expect(runtime.version == nil)
        try inspection(jar).check(className: "Words", runsWith: runtime)
    }

    @Test func theJavaOnThePathIsLookedAt() throws {
        _ = try runtime(version: "17.0.15")
        #expect(symlink("jdk/bin", "\(folder.path)/path") == 0)
        let runtime = try JavaRuntime.find(in: ["PATH": "\(folder.path)/path"])
        #expect(runtime.executable == "java" && runtime.version == 17)
    }

    @Test func aCutOffJarIsToldFromOneThatIsNone() async throws {
        _ = try await jar(major: 52, zip: "zip -q words.jar")
        #expect(truncate("\(folder.path)/words.jar", 100) == 0)
        let error = try #require(throws: PackageError.self) { try JarFile(path: "\(folder.path)/words.jar") }
        #expect(error.description.hasSuffix("it is cut off: the end is missing"))
    }

    private func inspection(_ jar: JarFile) -> JarInspection {
        JarInspection(
            file: "words.jar",
            classPath: JavaClassPath(text: "", jars: [jar], hidden: [], provided: [])
        )
    }

    /// An installation of Java as far as it is looked at.
    private func runtime(version: String) throws -> JavaRuntime {
        let home = "\(folder.path)/jdk"
        if access(home, F_OK) != 0 {
            for path in [home, "\(home)/bin"] { #expect(mkdir(path, 0o755) == 0) }
            #expect(chmod(try folder.write("jdk/bin/java", "#!/bin/sh\n"), 0o755) == 0)
        }
        unlink("\(home)/release")
        try folder.write("jdk/release", "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"\(version)\"\nJAVA_VERSION_DATE=\"1\"\n")
        return try JavaRuntime.find(in: ["JAVA_HOME": home])
    }

    /// A jar with the beginning of a class file, and enough behind it to be worth compressing.
    private func jar(major: UInt8, zip: String, isPrefixed: Bool = false) async throws -> JarFile {
        try folder.write(
            "Words.class",
            [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, major] + [UInt8](repeating: 0, count: 10_000)
        )
        let prefix = isPrefixed ? " && (echo front && cat words.jar) >other && mv other words.jar" : ""
        let finished = try await ChildProcess.runToCompletion(
            executable: "sh",
            arguments: ["-ec", "\(zip) Words.class\(prefix)"],
            environment: ChildProcess.currentEnvironment(),
            workingDirectory: folder.path,
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
        return try JarFile(path: "\(folder.path)/words.jar")
    }
}
