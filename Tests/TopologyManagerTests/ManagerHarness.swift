import Glibc
import HTTPTesting
import HeronModel
import HeronState
import Logging
import NIOPosix
import RuntimeConfig
import Testing

@testable import TopologyManagerCore

/// A state in a temporary directory, and topology managers that work on it.
struct ManagerHarness {
    let fixture: Fixture
    let root: String
    /// The test's own session.
    let state: any StateManager

    /// Sets up a state with a topology and a packing plan, runs the body, and removes everything.
    static func run(
        _ fixture: Fixture = Fixture(),
        containers: Int32 = 2,
        _ body: (ManagerHarness) async throws -> Void
    ) async throws {
        var template = Array("/tmp/heron-tmanager-test-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        let state = try await openState(root)
        let harness = ManagerHarness(fixture: fixture, root: root, state: state)
        let result: (any Error)?
        do {
            try await harness.write(.topologies, fixture.topology)
            try await harness.write(.packingplans, fixture.packingPlan(containers: containers))
            try await body(harness)
            result = nil
        } catch {
            result = error
        }
        await state.close()
        removeTree(root)
        if let result { throw result }
    }

    static func openState(_ root: String) async throws -> any StateManager {
        try await openStateManager(StateSettings(connection: "LOCALMODE", rootPath: root)) { _, _ in }
    }

    /// Runs a manager, with a session of its own, while the body runs, which gets its location.
    func withManager(_ body: (RunningManager) async throws -> Void) async throws {
        let session = try await ManagerHarness.openState(root)
        let service = try self.service(session)
        let work = Task { try await service.run(on: MultiThreadedEventLoopGroup.singleton) }
        let result: (any Error)?
        do {
            let location: TManagerLocation = try await next(.tmanagers)
            try await body(RunningManager(location: location, fixture: fixture, work: work))
            result = nil
        } catch {
            result = error
        }
        work.cancel()
        _ = await work.result
        await session.close()
        if let result { throw result }
    }

    /// A manager on all free ports that tries only twice, one second apart, to advertise its location.
    func service(_ session: any StateManager) throws -> TopologyManagerService {
        let file = root + "/internals.yaml"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let text = "heron.tmanager.establish.retry.times: 2\nheron.tmanager.establish.retry.interval.sec: 1\n"
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
        return TopologyManagerService(
            TopologyManagerOptions(
                topologyName: fixture.name,
                topologyID: fixture.id,
                host: "127.0.0.1",
                serverPort: 0,
                controllerPort: 0,
                statsPort: 0
            ),
            settings: try RuntimeConfig(internalsFile: file, overrideFile: nil).topologyManager,
            state: session,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Creates or replaces a node of the topology.
    func write(_ directory: StateDirectory, _ message: some Message) async throws {
        let path = try StatePath(directory, fixture.name)
        let bytes: [UInt8] = try message.serializedBytes()
        if try await state.get(path) == nil {
            try await state.create(path, bytes, .persistent)
        } else {
            try await state.set(path, bytes, version: nil)
        }
    }

    func delete(_ directory: StateDirectory) async throws {
        try await state.delete(try StatePath(directory, fixture.name), version: nil)
    }

    /// Waits until the node holds a message that fits.
    func next<M: Message>(_ directory: StateDirectory, where fits: (M) -> Bool = { _ in true }) async throws -> M {
        for try await node in state.watch(try StatePath(directory, fixture.name)) {
            if let node, let message = try? M(serializedBytes: node.data), fits(message) { return message }
        }
        throw CancellationError()
    }

    /// Waits until there is no node.
    func gone(_ directory: StateDirectory) async throws {
        for try await node in state.watch(try StatePath(directory, fixture.name)) where node == nil { return }
        throw CancellationError()
    }
}

/// A manager that has advertised its location.
struct RunningManager {
    let location: TManagerLocation
    let fixture: Fixture
    let work: Task<Void, any Error>

    /// Asks the controller; `topologyid` is added.
    func control(_ path: String, _ parameters: String = "") async throws -> HTTPReply {
        try await fetch("\(path)?topologyid=\(fixture.id)\(parameters)", port: Int(location.controllerPort))
    }

    func connect() async -> FakeStreamManager {
        let stmgr = FakeStreamManager(port: Int(location.serverPort))
        await stmgr.connect()
        return stmgr
    }

    /// Connects and registers the stream managers of the containers, and takes the first plan from each.
    func registerAll(_ containers: ClosedRange<Int32> = 1...2) async throws -> [FakeStreamManager] {
        var stmgrs: [FakeStreamManager] = []
        for container in containers {
            let stmgr = await connect()
            let response = try await stmgr.register(fixture.registration(container: container))
            #expect(response.status.status == .ok)
            stmgrs.append(stmgr)
        }
        for stmgr in stmgrs { #expect(await stmgr.nextPlan()?.stmgrs.count == stmgrs.count) }
        return stmgrs
    }
}

private func removeTree(_ path: String) {
    if unlink(path) == 0 { return }
    guard let stream = opendir(path) else { return }
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { removeTree(path + "/" + name) }
    }
    closedir(stream)
    rmdir(path)
}
