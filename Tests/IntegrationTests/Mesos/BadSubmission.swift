import Testing
import ZooKeeperTesting

/// A user who submits to Mesos what cannot be, with state of their own in a ZooKeeper that other tests use too.
struct BadSubmission {
    let user: User
    let server: ZooKeeperServer
    /// The node that holds the state.
    let root: String

    static func use(_ body: (BadSubmission) async throws -> Void) async throws {
        let server = try await ZooKeeperServer.shared()
        try await User.use { user in
            try await body(
                BadSubmission(user: user, server: server, root: "/bad-\(UInt64.random(in: 0...UInt64.max))")
            )
        }
    }

    /// Submits with the properties, which must fail with one line that has all the texts, and leave nothing behind.
    @discardableResult
    func expectFailure(
        _ properties: [String],
        says texts: [String],
        options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> User.Result {
        let state = [
            "heron.statemgr.connection.string=\(server.connection)", "heron.statemgr.root.path=\(root)",
        ]
        let result = try await user.expectFailure(
            ["submit", MesosCluster.place, CountingTopology.file, "-", "Counting"]
                + (state + properties).flatMap { ["--config-property", $0] } + options,
            says: texts,
            sourceLocation: sourceLocation
        )
        let access = state + properties.filter { $0.hasPrefix("heron.statemgr.") }
        let tree = try await user.inTurn(["state", "tree", "mesos"] + access.flatMap { ["--config-property", $0] })
        #expect(tree.status.isSuccess && !tree.output.contains("Counting"), "\(tree)", sourceLocation: sourceLocation)
        return result
    }
}
