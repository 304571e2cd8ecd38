import HeronState
import PluginABI
import Testing
import ZooKeeperTesting

@testable import PluginHost

/// Where a test keeps the state that a plugin works on.
enum StateBackEnd: CustomTestStringConvertible {
    case localFiles
    case zooKeeper

    /// ZooKeeper where it is installed; ``ZooKeeperStateServiceTests`` say so where it is not.
    static let all: [StateBackEnd] = ZooKeeperServer.isInstalled ? [.localFiles, .zooKeeper] : [.localFiles]

    var testDescription: String { self == .localFiles ? "local files" : "ZooKeeper" }

    /// Gives an empty state to the body, with a plugin on it.
    func use(_ body: (StateProbe) async throws -> Void) async throws {
        switch self {
        case .localFiles:
            let scratch = try Scratch()
            var settings = StateSettings(connection: "LOCALMODE", rootPath: "\(scratch.path)/state")
            // All tests at once can take the processors for longer than a call may last.
            settings.timeout = .seconds(60)
            try await StateProbe.use(settings, settings, body)
        case .zooKeeper:
            try await StateProbe.use(try await ZooKeeperServer.shared(), body)
        }
    }
}

/// A C plugin that works on the state as it is ordered to, and another session that sees what it does.
struct StateProbe {
    let host: FakeHost
    let scheduler: SchedulerInstance
    /// The state that the plugin is given.
    let state: any StateManager
    /// The same one as another process sees it.
    let other: any StateManager

    /// Uses a root path of its own on a server.
    static func use(_ server: ZooKeeperServer, _ body: (StateProbe) async throws -> Void) async throws {
        let root = "/plugin-\(UInt64.random(in: 0...UInt64.max))"
        // Sessions are shared by those who spell the servers in the same way.
        let settings = StateSettings(connection: server.connection, rootPath: root)
        let others = StateSettings(connection: "localhost:\(server.port)", rootPath: root)
        try await use(settings, others, body)
    }

    static func use(
        _ settings: StateSettings,
        _ others: StateSettings,
        _ body: (StateProbe) async throws -> Void
    ) async throws {
        let state = try await openStateManager(settings) { _, _ in }
        let other = try await openStateManager(others) { _, _ in }
        let host = FakeHost(state: state)
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let scheduler = try await SchedulerInstance.create(
            manifest: try fixture.manifest("probe"),
            className: probeClass,
            services: host
        )
        try await body(StateProbe(host: host, scheduler: scheduler, state: state, other: other))
        try await scheduler.close()
        await other.close()
        await state.close()
    }

    /// Gives an order of `probe_state.c` and returns what it logged.
    @discardableResult
    func tell(_ order: String) async throws -> [String] {
        let before = host.lines.count
        try await scheduler.onSchedule(Array("state-\(order)".utf8))
        return Array(host.lines[before...])
    }

    /// Gives an order that has to fail, and returns what the user would be told.
    @discardableResult
    func expect(
        _ status: heron_status,
        or other: heron_status? = nil,
        _ order: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String {
        let error = await #expect(throws: PluginError.self, "\(order)", sourceLocation: sourceLocation) {
            try await tell(order)
        }
        let codes: [PluginError.Code] = [.failed(status), .failed(other ?? status)]
        #expect(error.map { codes.contains($0.code) } == true, "\(order)", sourceLocation: sourceLocation)
        return error?.description ?? ""
    }

    /// Waits until the plugin has logged a line.
    func until(_ line: String) async throws {
        while !host.lines.contains(line) { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// The path of a node of the plugin's own.
func own(_ name: String) throws -> StatePath {
    try StatePath(own: "words", name)
}
