import HeronState
import Testing
import ZooKeeperClient

/// A kind of state manager that the conformance suite runs against.
struct BackEnd: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Makes an empty state of its own; returns what opens it, as often as one likes.
    let makeState: @Sendable () async throws -> @Sendable () async throws -> any StateManager

    static let all = [localFiles, zooKeeper, zooKeeperSessions]

    static let localFiles = BackEnd(testDescription: "local files") {
        let directory = try TemporaryDirectory()
        return {
            var settings = StateSettings(connection: "LOCALMODE", rootPath: directory.path + "/state")
            settings.timeout = .seconds(30)
            return try await openStateManager(settings) { level, message in
                if level != .debug { print("state: \(message)") }
            }
        }
    }

    /// All managers of a state share one session, as they do in one process.
    static let zooKeeper = BackEnd(testDescription: "ZooKeeper") {
        let server = try await ZooKeeperServer.shared()
        let root = "/\(UInt64.random(in: 0...UInt64.max))"
        return { try await openZooKeeper(server.connection, root) }
    }

    /// Each manager has a session of its own, as it would have in another process.
    static let zooKeeperSessions = BackEnd(testDescription: "ZooKeeper, a session each") {
        let server = try await ZooKeeperServer.shared()
        let root = "/\(UInt64.random(in: 0...UInt64.max))"
        return { try await openZooKeeper("\(ZooKeeperClient.ownSpelling()):\(server.port)", root) }
    }

    private static func openZooKeeper(_ connection: String, _ root: String) async throws -> any StateManager {
        var settings = StateSettings(connection: connection, rootPath: root)
        settings.timeout = .seconds(30)
        return try await openStateManager(settings) { level, message in
            if level != .debug { print("state: \(message)") }
        }
    }

    /// Runs the body with a manager on an empty state and a function that opens more; closes the first one.
    func run(
        _ body: (_ state: any StateManager, _ open: @escaping @Sendable () async throws -> any StateManager)
            async throws -> Void
    ) async throws {
        let open = try await makeState()
        let state = try await open()
        try await body(state, open)
        await state.close()
    }
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

extension StateNode {
    var text: String { String(decoding: data, as: UTF8.self) }
}

extension StateManager {
    /// The number that the node's text is.
    func number(_ path: StatePath) async throws -> Int {
        let node = try await get(path)
        return try #require(node.flatMap { Int($0.text) })
    }
}

/// Checks that the body throws a ``StateError`` with the code, and returns the error for more checks.
@discardableResult
func expectError(
    _ code: StateError.Code,
    path: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> StateError? {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as StateError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        if let path { #expect(error.path == path, sourceLocation: sourceLocation) }
        return error
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    return nil
}
