import Processes
import Testing

/// The topology of `Topologies/counting.py`, submitted by a user.
struct CountingTopology {
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

    /// Runs a command about it, such as `restart` with a container's number.
    func heron(_ command: String, _ more: String...) async throws -> User.Result {
        try await user.run([command, cluster, name] + more + clusterOptions)
    }

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

    /// Waits until what the bolts together have counted changes twice: tuples flow.
    func expectFlow(_ when: String) async throws {
        var seen: Set<Int> = [try await counts().values.reduce(0, +)]
        try await eventually("counts grow \(when)") {
            seen.insert(try await counts().values.reduce(0, +))
            return seen.count > 2
        }
    }

    /// Waits until what the bolts have counted stays the same for a second.
    func expectStandstill() async throws {
        try await eventually("the spouts pause") {
            let before: Int = try await counts().values.reduce(0, +)
            try await Task.sleep(for: .seconds(1))
            return try await counts().values.reduce(0, +) == before
        }
    }

    /// Kills it, and checks that neither a process nor a node nor a file is left.
    func kill() async throws {
        let result = try await heron("kill")
        #expect(result.status.isSuccess, "\(result)")
        // The scheduler service answers before it ends.
        try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
        #expect(try await nodes() == [], "state is left behind")
        #expect(try await user.files(below: ".herondata/topologies") == [], "files are left behind")
        #expect(try await user.files(below: ".herondata/repository/topologies") == [], "a package is left behind")
        #expect(try await user.files(below: "tmp") == [], "temporary files are left behind")
    }

    /// The nodes that belong to the topology where the state is kept in the user's files.
    func nodes() async throws -> [String] {
        try await user.files(below: ".herondata/repository/state/local").filter { $0.contains(name) }
    }

    private var loginName: String { Login.name }
}
