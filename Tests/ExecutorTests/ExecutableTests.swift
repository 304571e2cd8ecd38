import FoundationEssentials
import Glibc
import HeronModel
import HeronState
import Processes
import Testing

@testable import ExecutorCore

/// The executable in a container of its own, with shell scripts in the place of Heron's binaries.
@Suite struct ExecutableTests {
    private let folder: TemporaryFolder
    private let plans: StatePath

    init() throws {
        folder = try TemporaryFolder()
        plans = try StatePath(.packingplans, "Words")
        let script =
            "#!/bin/sh\necho up $PEX_ROOT \"$@\"\n"
            + "echo ${HERON_CONTAINER_GENERATION-no} generation\nexec sleep 600\n"
        for name in ["heron-tmanager", "heron-stmgr", "heron-shell", "heron-python-instance"] {
            try folder.write("heron-core/bin/\(name)", script, mode: 0o755)
        }
        try folder.write("heron-conf/heron_internals.yaml", "heron.logging.directory: logs\n")
        try folder.write("heron-conf/override.yaml", "")
        try folder.write("heron-conf/statemgr.yaml", "heron.statemgr.root.path: \(folder.path)/state\n")
    }

    @Test func aContainerRunsUntilSIGTERM() async throws {
        let state = try await openState()
        let executor = try start()
        #expect(await eventually { folder.read("heron-executor-1.stdout").contains("packing plan of 'Words' is away") })
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let processes = ["stmgr-1", "heron-shell-1", "container_1_word_1"]
        #expect(await eventually { processes.allSatisfy { pid($0) != nil } })
        #expect(folder.read("heron-executor-1.pid") == "\(executor.processID)")
        #expect(
            await eventually { log.contains("[INFO]: stmgr-1 stdout: up \(folder.path)/.pex --topology_name=Words") }
        )
        #expect(log.contains("the metrics manager is off: there is no jar in ./heron-core/lib/metricsmgr/*"))

        // A killed process comes back, and the others never went.
        let shell = pid("heron-shell-1")
        let manager = try #require(pid("stmgr-1"))
        kill(manager, SIGKILL)
        #expect(await eventually { pid("stmgr-1").map { $0 != manager } == true })
        #expect(pid("heron-shell-1") == shell)

        // A plan change that adds an instance.
        let word = pid("container_1_word_1")
        try await state.set(plans, packingPlan([(1, ["word", "count"])]), version: nil)
        #expect(await eventually { pid("container_1_count_2") != nil })
        #expect(pid("container_1_word_1") == word)

        let group = ProcessGroup(ledBy: executor.identity)
        #expect(try group.members().count >= 4)
        executor.signal(SIGTERM)
        #expect(await executor.wait() == .exited(SIGTERM))
        #expect(try group.members().isEmpty)
        #expect(!folder.names().contains { $0.hasSuffix(".pid") })
        await state.close()
    }

    @Test func oneKillOfTheGroupEndsAllThatADeadExecutorLeft() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let executor = try start()
        let group = ProcessGroup(ledBy: executor.identity)
        #expect(try await eventually { try group.members().count == 4 })
        executor.signal(SIGKILL)
        #expect(await executor.wait() == .signaled(SIGKILL))
        #expect(try group.members().count == 3)
        #expect(await group.terminate(grace: .seconds(10)))
        await state.close()
    }

    @Test func containerZeroRunsTheTopologyManager() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let executor = try start(["shard": "0"])
        #expect(await eventually { pid("heron-tmanager") != nil && pid("heron-shell-0") != nil })
        #expect(await executor.terminate(grace: .seconds(20)) == .exited(SIGTERM))
        await state.close()
    }

    @Test func theNewestGenerationGoesOn() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let node = try StatePath(own: "Words", "generations", "1")
        let old = try start(generation: "1")
        // No process learns of it.
        #expect(await eventually { log.contains("[INFO]: stmgr-1 stdout: no generation") })
        #expect(try await state.get(node).flatMap(GenerationHolder.init)?.generation == 1)

        let group = ProcessGroup(ledBy: old.identity)
        let new = GenerationHolder(generation: 2, topologyID: "Words1234", host: "b.example.org")
        let data = [UInt8](try JSONEncoder().encode(new))
        try await state.multi([.delete(node, version: nil), .create(node, data, .ephemeral)])
        #expect(await old.wait() == .exited(0))
        #expect(try group.members().isEmpty)
        let reason = "heron-executor: generation 2 of this container on b.example.org has replaced this one, "
        #expect(folder.read("heron-executor.stderr") == reason + "which is generation 1\n")
        #expect(try await state.get(node)?.data == data)
        await state.close()
    }

    @Test func theNodeOfItsGenerationGoesWithIt() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let executor = try start(generation: "7")
        #expect(await eventually { pid("stmgr-1") != nil })
        #expect(await executor.terminate(grace: .seconds(20)) == .exited(SIGTERM))
        #expect(try await state.get(StatePath(own: "Words", "generations", "1")) == nil)
        await state.close()
    }

    /// Nothing is started that could never listen.
    @Test func aPortThatSomebodyElseHasEndsTheExecutor() async throws {
        let state = try await openState()
        try await state.create(plans, packingPlan([(1, ["word"])]), .persistent)
        let listener = try Listener()
        let executor = try start(["shell-port": "\(listener.port)"])
        #expect(await executor.wait() == .exited(1))
        let what = "heron-executor: cannot use port \(listener.port), which this container was given for heron-shell"
        #expect(folder.read("heron-executor.stderr") == what + ": address already in use\n")
        #expect(pid("stmgr-1") == nil)
        await state.close()
    }

    @Test func aGenerationIsANumber() async throws {
        let executor = try start(generation: "x")
        #expect(await executor.wait() == .exited(1))
        let error = "heron-executor: HERON_CONTAINER_GENERATION='x' is not a number from 1\n"
        #expect(folder.read("heron-executor.stderr") == error)
    }

    @Test func wrongUsageEndsWithTwo() async throws {
        let result = try await run(Array(executorArguments().dropFirst()))
        #expect(result.status == .exited(2))
        #expect(String(decoding: result.error, as: UTF8.self).contains("--topology-name"))
        #expect(try await run(["--help"]).status == .exited(0))
    }

    @Test(arguments: [
        ("stmgr-binary", "./none", "cannot run '", "./none': no such file or directory"),
        ("heron-internals-config-file", "none.yaml", "none.yaml: there is no such file", ""),
        ("state-manager-connection", "zk:2181", "ZooKeeper", ""),
        ("instance-jvm-opts", "\"%\"", "--instance-jvm-opts: '%' is not base64 of a text", ""),
        ("topology-binary-file", "none.pex", "cannot unpack 'none.pex': unzip exited with code 9", ""),
    ])
    func whatCannotRunSaysWhy(_ option: String, _ value: String, _ first: String, _ second: String) async throws {
        let result = try await run(executorArguments(changes.merging([option: value]) { $1 }))
        let error = String(decoding: result.error, as: UTF8.self)
        #expect(result.status == .exited(1))
        #expect(error.hasPrefix("heron-executor: ") && error.contains(first) && error.contains(second), "\(error)")
        #expect(error.split(separator: "\n").count == 1, "\(error)")
        #expect(!folder.names().contains { $0.hasSuffix(".pid") })
    }

    private var changes: [String: String] {
        [
            "state-manager-root": "\(folder.path)/state", "topology-binary-file": "words.py",
            // Others than the usual ones of the tests, which only root may use.
            "server-port": "21001", "tmanager-controller-port": "21002", "tmanager-stats-port": "21003",
            "shell-port": "21004",
        ]
    }

    private var log: String { folder.read("heron-executor-1.stdout") }

    /// The executable that was built with these tests, in the same folder.
    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/heron-executor"
    }

    private func start(_ more: [String: String] = [:], generation: String? = nil) throws -> ChildProcess {
        var environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        environment["HERON_CONTAINER_GENERATION"] = generation
        return try ChildProcess.spawn(
            executable: ExecutableTests.executable,
            arguments: executorArguments(changes.merging(more) { $1 }),
            environment: environment,
            workingDirectory: folder.path,
            newSession: true,
            stderr: .file("heron-executor.stderr")
        )
    }

    private func run(_ arguments: [String]) async throws -> CompletedProcess {
        try await ChildProcess.runToCompletion(
            executable: ExecutableTests.executable,
            arguments: arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path],
            workingDirectory: folder.path,
            timeLimit: .seconds(60)
        )
    }

    private func pid(_ name: String) -> Int32? { Int32(folder.read("\(name).pid")) }

    private func openState() async throws -> any StateManager {
        try await openStateManager(StateSettings(connection: "LOCALMODE", rootPath: "\(folder.path)/state")) { _, _ in }
    }
}
