import Processes
import Testing
import ZooKeeperTesting

extension CountingTopology {
    /// Lets Heron's own message classes read the topology's nodes, as its tracker would: from the user's files, or with
    /// kazoo from a server.
    func decodeState(on server: ZooKeeperServer? = nil, credentials: String? = nil) async throws {
        let home: String = try #require(Installation.home)
        var arguments: [String] = [
            Installation.folder + "/Scripts/decode_state.py", home + "/dist/heron-core/lib/python/packages",
            server == nil ? stateRoot : "/heron", name,
        ]
        if let server { arguments += [server.connection] + (credentials.map { [$0] } ?? []) }
        let finished = try await ChildProcess.runToCompletion(
            executable: Installation.folder + "/../../.venv/bin/python",
            arguments: arguments,
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(30)
        )
        #expect(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
        #expect(String(decoding: finished.output, as: UTF8.self).split(separator: "\n").count == 6)
    }
}
