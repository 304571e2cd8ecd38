/// One process of a container: what it is called and how it is started.
public struct ProcessCommand: Sendable, Hashable {
    /// Unique in the container: `stmgr-1`, `container_1_word_3`. Also the name of its pid file.
    public let name: String
    public let executable: String
    public let arguments: [String]
    /// Variables that it gets besides the executor's own environment.
    public let environment: [String: String]

    public init(name: String, executable: String, arguments: [String], environment: [String: String] = [:]) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// The command line for a log, without the shell's secret.
    var line: String {
        let shown = arguments.map { $0.hasPrefix("--secret=") ? "--secret=…" : $0 }
        return ([executable] + shown).joined(separator: " ")
    }
}

/// Why a container's processes cannot be run; one line.
public struct ExecutorError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
