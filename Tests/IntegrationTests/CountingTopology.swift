import Processes
import Testing

/// The topology of `Topologies/counting.py`, submitted by a user.
struct CountingTopology: SubmittedTopology {
    let user: User
    let name: String
    var cluster = "local"
    /// What the cluster needs with every command.
    var clusterOptions: [String] = []

    static let file: String = Installation.folder + "/Topologies/counting.py"

    /// Submits it and waits until it runs.
    static func submit(
        _ user: User,
        _ name: String = "Counting",
        containers: Int = 1,
        spouts: Int = 1,
        bolts: Int = 1,
        grouping: String = "shuffle",
        options: [String] = [],
        cluster: String = "local",
        clusterOptions: [String] = []
    ) async throws -> CountingTopology {
        let program: [String] = [name, "\(containers)", "\(spouts)", "\(bolts)", grouping]
        let result = try await user.run(["submit", cluster, file, "-"] + program + options + clusterOptions)
        try #require(result.status.isSuccess, "\(result)")
        return CountingTopology(user: user, name: name, cluster: cluster, clusterOptions: clusterOptions)
    }

    var workingDirectory: String { "\(user.home)/.herondata/topologies/\(cluster)/\(loginName)/\(name)" }
    var stateRoot: String { "\(user.home)/.herondata/repository/state/local" }

    /// How much each bolt has counted, by the name of its log file: the last line that says so.
    func counts() async throws -> [String: Int] {
        let folder = ".herondata/topologies/\(cluster)/\(loginName)/\(name)/log-files"
        var result: [String: Int] = [:]
        for file in try await user.files(below: folder) where file.contains("_counts_") && file.hasSuffix(".log.0") {
            let text = String(decoding: user.contents("\(user.home)/\(folder)/\(file)"), as: UTF8.self)
            let last: Substring? = text.split(separator: "\n").last { $0.contains("count ") }
            result[file] = last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
        }
        return result
    }

    /// What all bolts have counted together.
    func progress() async throws -> Int {
        try await counts().values.reduce(0, +)
    }

    /// How many lines of all that its processes have written hold a text.
    func logLines(with text: String) async throws -> Int {
        let folder = ".herondata/topologies/\(cluster)/\(loginName)/\(name)"
        let result = try await user.run(
            executable: "grep",
            ["-rahF", "--include=*.log*", "--include=*.stdout", "-e", text, "\(user.home)/\(folder)"]
        )
        return result.output.split(separator: "\n").count
    }

    private var loginName: String { Login.name }
}
