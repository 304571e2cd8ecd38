import Glibc
import Testing

@testable import ExecutorCore

struct JavaHomeTests {
    @Test func anOptionThatNamesNoJavaIsTold() throws {
        let error = try #require(throws: ExecutorError.self) {
            try JavaHome.find(option: "/nowhere", environment: [:])
        }
        let text = "\(error)"
        #expect(text.contains("there is no Java at '/nowhere/bin/java', where heron.directory.sandbox.java.home says"))
    }

    /// A configuration that leaves it to each machine arrives with the token, or with nothing where a shell replaced it.
    @Test(arguments: ["${JAVA_HOME}", ""])
    func whatIsLeftOpenIsFoundOnThisMachine(option: String) throws {
        try withDirectory { folder in
            for path in ["jdk", "jdk/bin", "path"] { #expect(mkdir("\(folder)/\(path)", 0o755) == 0) }
            let java = "\(folder)/jdk/bin/java"
            let file = try #require(fopen(java, "w"))
            fclose(file)
            #expect(chmod(java, 0o755) == 0)
            #expect(symlink(java, "\(folder)/path/java") == 0)

            #expect(try JavaHome.find(option: option, environment: ["JAVA_HOME": "\(folder)/jdk"]) == "\(folder)/jdk")
            #expect(try JavaHome.find(option: option, environment: ["PATH": "\(folder)/path"]) == "\(folder)/jdk")
            // As some version managers have it.
            #expect(rename("\(folder)/path/java", "\(folder)/path/link") == 0)
            #expect(symlink("/bin/true", "\(folder)/path/java") == 0)
            let none = try #require(throws: ExecutorError.self) {
                try JavaHome.find(option: option, environment: ["PATH": "\(folder)/path"])
            }
            #expect("\(none)".contains("install default-jre-headless"))
            let wrong = try #require(throws: ExecutorError.self) {
                try JavaHome.find(option: option, environment: ["JAVA_HOME": folder])
            }
            #expect("\(wrong)".contains("where JAVA_HOME says that it is"))
        }
    }

    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template: [CChar] = Array("/tmp/heron-java-home-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            for name in ["jdk/bin/java", "path/java", "path/link"] { unlink("\(path)/\(name)") }
            for name in ["/jdk/bin", "/jdk", "/path", ""] { rmdir(path + name) }
        }
        try body(path)
    }
}
