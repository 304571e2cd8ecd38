import FoundationEssentials
import HeronModel
import HeronState
import Testing

/// What a topology that runs has stored.
extension TopologyTests {
    @Test func theStateOfATopologyIsShown() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, containers: 2, bolts: 2)
            // A topology runs as soon as its stream managers do.
            try await eventually("the executors have told of all processes") {
                try await user.heron("state", "show", "local", topology.name).output.contains("heron-shell-2")
            }
            let shown = try await user.heron("state", "show", "local", topology.name)
            #expect(shown.status.isSuccess && shown.error == "", "\(shown)")
            for text in [
                "topology       Counting (local/", "definition     spouts: 1, bolts: 1", "instances: 3",
                "RUNNING, stream managers: 2", "secret         (secret)", "working_directory: \(user.home)",
                "\nCOMPONENT ", "\nstmgr-1 ", "heron-shell-2",
            ] { #expect(shown.output.contains(text), "'\(text)' is not in: \(shown)") }

            let tree = try await user.heron("state", "tree", "local", topology.name)
            #expect(tree.status.isSuccess && tree.output.contains("\npplans/Counting "), "\(tree)")
            #expect(tree.output.contains("heron.proto.system.PhysicalPlan"), "\(tree)")
            try await checkDumps(topology)
            try await topology.kill()
            try await user.expectFailure(
                ["state", "show", "local", topology.name],
                says: ["Topology 'Counting' does not exist; see: heron list local"]
            )
        }
    }

    /// A dump has every byte, but for the secret.
    private func checkDumps(_ topology: CountingTopology) async throws {
        let user: User = topology.user
        let secret = String(
            decoding: user.contents("\(topology.stateRoot)/heron-swift/\(topology.name)/secret"),
            as: UTF8.self
        )
        try #require(secret.count == 64)
        for format in ["text", "json"] {
            for command in ["show", "tree", "dump"] {
                let result = try await user.heron("state", command, "local", "--output", format)
                #expect(result.status.isSuccess && !result.output.contains(secret), "\(result)")
            }
        }
        let dump = try await user.heron("state", "dump", "local", topology.name, "--output", "json")
        #expect(dump.status.isSuccess && dump.error == "" && !dump.output.contains(secret))
        let nodes: [DumpedNode] = try DumpedNode.all(dump.output)
        let definition: DumpedNode = try #require(nodes.first { $0.path == "topologies/\(topology.name)" })
        #expect(definition.bytes == user.contents("\(topology.stateRoot)/topologies/\(topology.name)"))
        #expect(nodes.first { $0.kind == "secret" }?.base64 == nil)
    }
}

/// The state commands on what they are not made for.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct StateCommandTests {
    /// The user's state, opened by this process.
    private func withState(_ user: User, _ body: (any StateManager) async throws -> Void) async throws {
        let settings = StateSettings(
            connection: "LOCALMODE",
            rootPath: user.home + "/.herondata/repository/state/local"
        )
        let state: any StateManager = try await openStateManager(settings) { _, _ in }
        try await body(state)
        await state.close()
    }

    @Test func damagedNodesAreNamedAndTheRestIsShown() async throws {
        try await User.use { user in
            try await withState(user) { state in
                for name in ["Good", "Bad"] {
                    try await state.create(StatePath(.executionstate, name), execution(name), .persistent)
                    try await state.create(StatePath(.topologies, name), [0xFF, 0xFE, 0x00], .persistent)
                }
                try await state.set(StatePath(.executionstate, "Bad"), Array("\u{1B}[31m".utf8), version: nil)
            }
            for arguments in [["show"], ["tree"], ["dump"], ["dump", "--output", "json"]] {
                let result = try await user.inTurn(["state"] + arguments + ["local"])
                #expect(result.status == .exited(1), "\(result)")
                #expect(result.output.contains("Good") && result.output.contains("Bad"), "\(result)")
                #expect(!result.output.contains("\u{1B}"), "\(result)")
                user.checkErrorLine(
                    of: result,
                    ["3 state nodes are damaged: topologies/Bad, "],
                    #_sourceLocation
                )
            }
            let list = try await user.inTurn(["list", "local"])
            #expect(list.status.isSuccess && list.output.contains("\nGood  alice "), "\(list)")
            #expect(list.output.contains("\nBad   - "), "\(list)")
            #expect(list.error.contains("warning: state node executionstate/Bad: "), "\(list)")
        }
    }

    /// A terminal must not obey what somebody has stored, in text or in JSON.
    @Test func controlCharactersAreNotPassedOn() async throws {
        try await User.use { user in
            var hostile: ExecutionState = execution("Hostile")
            hostile.submissionUser = "a\u{1B}]0;b\u{07}c\u{9B}31md\nscheduler  here"
            let stored: ExecutionState = hostile
            try await withState(user) { state in
                try await state.create(StatePath(.executionstate, "Hostile"), stored, .persistent)
                try await state.create(StatePath(own: "Hostile", "note"), Array("\u{1B}c\u{9B}".utf8), .persistent)
            }
            for command in ["show", "tree", "dump"] {
                for format in ["text", "json"] {
                    let result = try await user.inTurn(
                        ["state", command, "local", "Hostile", "--output", format]
                    )
                    #expect(result.status.isSuccess, "\(result)")
                    let controls = result.output.unicodeScalars.filter {
                        $0.properties.generalCategory == .control && $0 != "\n"
                    }
                    #expect(controls.isEmpty && !result.output.contains("\nscheduler  here"), "\(result)")
                }
            }
        }
    }

    @Test func aWrongAddressIsToldInOneLine() async throws {
        try await User.use { user in
            try await user.expectFailure(
                ["state", "show", "local", "Nowhere"],
                says: ["Topology 'Nowhere' does not exist; see: heron list local"]
            )
            try await user.expectFailure(
                ["state", "dump", "local", ".."],
                says: ["'..' cannot be a topology's name"]
            )
            try await user.expectFailure(
                ["state", "tree", "local/alice"],
                says: ["this shows the state of all roles and environs; leave them out, or name a topology"]
            )
            try await withState(user) { state in
                try await state.create(StatePath(.executionstate, "Words"), execution("Words"), .persistent)
            }
            let elsewhere = try await user.inTurn(["state", "show", "local/bob", "Words"])
            #expect(elsewhere.status == .exited(1), "\(elsewhere)")
            user.checkErrorLine(
                of: elsewhere,
                ["cluster/role/environ does not match. Topology 'Words' is running at local/alice/default"],
                #_sourceLocation
            )
        }
    }

    @Test func anEmptyStateHasNoTopologies() async throws {
        try await User.use { user in
            let show = try await user.inTurn(["state", "show", "local", "--output", "json"])
            #expect(show.status.isSuccess && show.output.filter { !$0.isWhitespace } == "[]", "\(show)")
            let dump = try await user.inTurn(["state", "dump", "local", "--output", "json"])
            #expect(dump.status.isSuccess, "\(dump)")
            #expect(try DumpedNode.all(dump.output).allSatisfy { $0.kind == "folder" })
        }
    }

    private func execution(_ name: String) -> ExecutionState {
        var state = ExecutionState()
        state.topologyName = name
        state.topologyID = name + "1"
        state.submissionUser = "alice"
        state.cluster = "local"
        state.environ = "default"
        state.role = "alice"
        return state
    }
}

/// A node of `heron state dump --output json`.
private struct DumpedNode: Decodable {
    let path: String
    let kind: String
    let base64: String?

    static func all(_ json: String) throws -> [DumpedNode] {
        try JSONDecoder().decode([DumpedNode].self, from: Data(json.utf8))
    }

    var bytes: [UInt8]? { base64.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } }
}
