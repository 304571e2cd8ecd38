import Glibc
import Processes

/// Where Java is on this machine.
enum JavaHome {
    private static let key = "heron.directory.sandbox.java.home"
    /// A configuration may leave it to each machine: so it arrives where the submitting one had no such variable.
    private static let token = "${JAVA_HOME}"

    /// The folder whose `bin/java` runs instances: the one that `--heron-java-home` names, or if that leaves it open, the
    /// one of `JAVA_HOME` or of the `java` on the PATH.
    ///
    /// Throws ``ExecutorError`` if there is none.
    static func find(option: String, environment: [String: String]) throws -> String {
        guard option.isEmpty || option == token else { return try checked(option, "\(key) says") }
        if let home = environment["JAVA_HOME"], !home.isEmpty { return try checked(home, "JAVA_HOME says") }
        guard let home = onPath(environment) else {
            throw ExecutorError(
                "there is no Java on this machine, which topologies in Java need: install default-jre-headless, or set"
                    + " \(key) to the folder of a Java installation"
            )
        }
        return home
    }

    /// The installation that the `java` on the PATH belongs to; nil if that is a script which stands for another.
    private static func onPath(_ environment: [String: String]) -> String? {
        guard let program = try? findExecutable("java", environment: environment), let resolved = realpath(program, nil)
        else { return nil }
        defer { free(resolved) }
        let path = String(cString: resolved)
        return path.hasSuffix("/bin/java") ? String(path.dropLast("/bin/java".utf8.count)) : nil
    }

    private static func checked(_ home: String, _ origin: String) throws -> String {
        guard access("\(home)/bin/java", X_OK) == 0 else {
            throw ExecutorError(
                "there is no Java at '\(home)/bin/java', where \(origin) that it is (\(String(cString: strerror(errno)))):"
                    + " install it there, or set \(key) to the folder of a Java installation on this machine"
            )
        }
        return home
    }
}
