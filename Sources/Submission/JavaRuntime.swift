import Files
import Glibc
import Processes

/// The Java that runs a topology's program on the submitting machine.
struct JavaRuntime: Sendable, Hashable {
    /// The `java` program: a path, or a name to be found through PATH.
    let executable: String
    /// Its version, as 8 or 17; nil if its installation does not tell.
    let version: Int?

    /// What to do where there is none.
    static let remedy = "install default-jre-headless, or set JAVA_HOME to the folder of a Java installation"

    /// Where Heron's command line looks: `JAVA_BIN`, `JAVA_HOME`, PATH.
    ///
    /// Throws ``SubmissionError`` if a variable is set to something that is no Java.
    static func find(in environment: [String: String]) throws -> JavaRuntime {
        if let program: String = environment["JAVA_BIN"], !program.isEmpty {
            return try JavaRuntime(program, variable: "JAVA_BIN", value: program)
        }
        if let home: String = environment["JAVA_HOME"], !home.isEmpty {
            return try JavaRuntime("\(home)/bin/java", variable: "JAVA_HOME", value: home)
        }
        let found: String? = try? findExecutable("java", environment: environment)
        return JavaRuntime(executable: "java", version: found.flatMap(installedVersion))
    }

    private init(_ path: String, variable: String, value: String) throws {
        guard access(path, X_OK) == 0 else {
            throw SubmissionError(
                "\(variable) is '\(value)', but there is no Java at '\(path)': \(String(cString: strerror(errno)))",
                hint: "set it right, or unset it to use the java on the PATH"
            )
        }
        self.init(executable: path, version: JavaRuntime.installedVersion(path))
    }

    private init(executable: String, version: Int?) {
        self.executable = executable
        self.version = version
    }

    /// What the file `release` says that every installation since Java 7 has, beside the folder `bin`.
    private static func installedVersion(_ program: String) -> Int? {
        guard let resolved = realpath(program, nil) else { return nil }
        defer { free(resolved) }
        let home: Substring = String(cString: resolved).dropLast("/bin/java".utf8.count)
        guard let file = try? File(reading: "\(home)/release"), let bytes = try? file.bytes(at: 0, count: 1 << 16)
        else {
            return nil
        }
        let key = "JAVA_VERSION="
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(key) }
        let numbers: [Int]? = line?.dropFirst(key.count).split { !$0.isNumber }.compactMap { Int($0) }
        // 1.8.0_292 is 8, 17.0.2 is 17.
        return numbers?.first == 1 ? numbers?.dropFirst().first : numbers?.first
    }
}
