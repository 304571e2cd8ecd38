import Glibc
import HeronModel
import HeronState
import Testing

/// A state in files, opened directly.
struct LocalState {
    let directory: TemporaryDirectory
    let root: String
    let state: any StateManager

    init(timeout: Duration = .seconds(5)) async throws {
        directory = try TemporaryDirectory()
        root = directory.path + "/state"
        state = try await Self.open(root, timeout: timeout)
    }

    static func open(
        _ root: String,
        initializeTree: Bool = true,
        timeout: Duration = .seconds(5)
    ) async throws -> any StateManager {
        var settings = StateSettings(connection: "LOCALMODE", rootPath: root)
        settings.initializeTree = initializeTree
        settings.timeout = timeout
        return try await openStateManager(settings) { _, _ in }
    }
}

/// Heron's tree on the disk.
@Suite(.timeLimit(.minutes(1)))
struct FileTreeTests {
    @Test("The tree is Heron's, and a node is its bytes")
    func layout() async throws {
        let local = try await LocalState()
        #expect(Files.names(local.root) == StateDirectory.allCases.map(\.rawValue).sorted())
        try await local.state.create(StatePath(.topologies, "T"), bytes("abc"), .persistent)
        #expect(Files.read(local.root + "/topologies/T") == bytes("abc"))
        try await local.state.create(StatePath(.tmanagers, "T"), bytes("def"), .ephemeral)
        #expect(Files.read(local.root + "/tmanagers/T") == bytes("def"))
        try await local.state.set(StatePath(.topologies, "T"), bytes("abcd"), version: nil)
        for directory in ["topologies", "tmanagers"] {
            #expect(Files.names("\(local.root)/\(directory)") == ["T"], "Heron's tools list what is there")
        }
        await local.state.close()
        #expect(Files.names(local.root + "/tmanagers") == [])
        #expect(Files.names(local.root + "/heron-swift/.staging") == [])
    }

    @Test("What is ours alone is for its owner only")
    func modes() async throws {
        let local = try await LocalState()
        let path = try StatePath(own: "T", "mesos", "ledger")
        try await local.state.create(path, bytes("x"), .persistent)
        try await local.state.multi([
            .set(path, bytes("y"), version: nil), .create(StatePath(own: "T", "secret"), [], .persistent),
        ])
        #expect(Files.mode(local.root + "/heron-swift/T") == 0o700)
        #expect(Files.mode(local.root + "/heron-swift/T/mesos") == 0o700)
        #expect(Files.mode(local.root + "/heron-swift/T/mesos/ledger") == 0o600)
        #expect(Files.mode(local.root + "/heron-swift/T/secret") == 0o600)
        await local.state.close()
    }

    @Test("Nothing is left of a topology, in no folder")
    func nothingLeft() async throws {
        let local = try await LocalState()
        try await local.state.recordSubmission(
            Samples.topology("T"),
            packingPlan: Samples.packingPlan("T1"),
            executionState: Samples.executionState("T"),
            secret: .random()
        )
        try await local.state.create(StatePath(.tmanagers, "T"), bytes("x"), .ephemeral)
        _ = try await local.state.acquireLock(topology: "T", timeout: .zero)
        try await local.state.removeTopology("T")
        await local.state.close()
        for directory in StateDirectory.allCases { #expect(Files.names("\(local.root)/\(directory)") == []) }
        #expect(Files.names(local.root + "/heron-swift") == [".lock", ".meta", ".staging"])
        #expect(Files.names(local.root + "/heron-swift/.meta") == [])
        #expect(Files.names(local.root + "/heron-swift/.staging") == [])
    }

    @Test("Nodes that Heron's tools wrote are read, and their versions tell changes")
    func foreign() async throws {
        let local = try await LocalState()
        let (path, file) = (try StatePath(.pplans, "T"), local.root + "/pplans/T")
        try Files.write(file, "heron's")
        let first = try #require(try await local.state.get(path))
        #expect(first.text == "heron's")
        #expect(try await local.state.get(path) == first)
        try Files.replace(file, "heron's")
        let second = try #require(try await local.state.get(path))
        #expect(second.version != first.version)
        await expectError(.badVersion) { try await local.state.set(path, [], version: first.version) }
        #expect(try await local.state.set(path, bytes("ours"), version: second.version).version == second.version + 1)
        try Files.write(file, "theirs")
        await expectError(.badVersion) { try await local.state.set(path, [], version: second.version + 1) }
        #expect(try await local.state.get(path)?.text == "theirs")
        await expectError(.nodeExists) { try await local.state.create(path, [], .persistent) }
        unlink(file)
        #expect(try await local.state.get(path) == nil)
        try await local.state.create(path, bytes("again"), .persistent)
        #expect(try await local.state.get(path)?.version == 0)
        await local.state.close()
    }

    @Test("A tree that only Heron has written to can be read by someone who may not write")
    func onlyHeron() async throws {
        let directory = try TemporaryDirectory()
        mkdir(directory.path + "/topologies", 0o755)
        try Files.write(directory.path + "/topologies/T", "x")
        let state = try await LocalState.open(directory.path, initializeTree: false)
        #expect(try await state.get(StatePath(.topologies, "T"))?.text == "x")
        #expect(try await state.topologyNames() == ["T"])
        #expect(try await state.get(StatePath(.pplans, "T")) == nil)
        #expect(Files.names(directory.path) == ["topologies"], "reading leaves no trace")
        try await state.create(StatePath(.pplans, "T"), bytes("y"), .persistent)
        #expect(Files.names(directory.path + "/pplans") == ["T"])
        await state.close()
    }

    @Test(
        "What Heron stored decodes and encodes to the same bytes",
        .enabled(if: Golden.directory != nil, "HERON_GOLDEN names no folder with Heron's own data")
    )
    func golden() async throws {
        let local = try await LocalState()
        let name = "MultiSpoutExclamationTopology"
        for directory in [StateDirectory.topologies, .packingplans, .executionstate, .schedulers] {
            let path = try StatePath(directory, name)
            let golden = try Golden.read("state/\(directory).\(name).bin")
            try await local.state.create(path, golden, .persistent)
            let message: any Message =
                switch directory {
                case .topologies: try #require(await local.state.topology(name))
                case .packingplans: try #require(await local.state.packingPlan(name))
                case .executionstate: try #require(await local.state.executionState(name))
                default: try #require(await local.state.schedulerLocation(name))
                }
            let copy: [UInt8] = try message.serializedBytes()
            #expect(copy == golden, "\(directory)")
        }
        // As submitted, it is stored as Heron stores it.
        let definition = try Topology(serializedBytes: Golden.read("topologies/\(name).defn"))
        try await local.state.removeTopology(name)
        try await local.state.recordSubmission(
            definition,
            packingPlan: Samples.packingPlan("1"),
            executionState: Samples.executionState(name),
            secret: .random()
        )
        let stored = try #require(try await local.state.topology(name))
        #expect(stored.spouts.allSatisfy { !$0.comp.hasSerializedObject })
        #expect(stored.spouts.count == definition.spouts.count)
        await local.state.close()
    }
}
