import Processes
import Testing

/// A topology that a user has submitted, and by which it can be told that tuples flow.
protocol SubmittedTopology {
    var user: User { get }
    var name: String { get }
    var cluster: String { get }
    /// What the cluster needs with every command.
    var clusterOptions: [String] { get }

    /// A number that grows as long as tuples arrive.
    func progress() async throws -> Int
}

extension SubmittedTopology {
    /// Runs a command about it, such as `restart` with a container's number.
    func heron(_ command: String, _ more: String...) async throws -> User.Result {
        try await user.run([command, cluster, name] + more + clusterOptions)
    }

    /// Waits until the progress changes twice: tuples flow.
    func expectFlow(_ when: String) async throws {
        var seen: Set<Int> = [try await progress()]
        try await eventually("tuples flow \(when)") {
            seen.insert(try await progress())
            return seen.count > 2
        }
    }

    /// Waits until there has been no progress for a second.
    func expectStandstill() async throws {
        try await eventually("the spouts pause") {
            let before: Int = try await progress()
            try await Task.sleep(for: .seconds(1))
            return try await progress() == before
        }
    }

    /// Kills it, and checks that neither a process nor a node nor a file is left.
    func kill() async throws {
        let result = try await heron("kill")
        #expect(result.status.isSuccess, "\(result)")
        // The scheduler service answers before it ends.
        try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
        try await expectNothingLeft()
    }

    /// - Parameter withTemporary: whether what commands have in `TMPDIR` must be gone too.
    func expectNothingLeft(withTemporary: Bool = true) async throws {
        #expect(try await nodes() == [], "state is left behind")
        #expect(try await user.files(below: ".herondata/topologies") == [], "files are left behind")
        #expect(try await user.files(below: ".herondata/repository/topologies") == [], "a package is left behind")
        guard withTemporary else { return }
        #expect(try await user.files(below: "tmp") == [], "temporary files are left behind")
    }

    /// The nodes that belong to the topology where the state is kept in the user's files.
    func nodes() async throws -> [String] {
        try await user.files(below: ".herondata/repository/state").filter { $0.contains(name) }
    }
}
