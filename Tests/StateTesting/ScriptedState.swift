import Glibc
import HeronState
import Synchronization

/// A state in a temporary folder that can be out of reach for a while, tells the session events of a script, and lets
/// nodes of dead holders stand, as a state on servers does.
public final class ScriptedState: StateManager {
    private struct Script {
        var isAway = false
        var listeners: [AsyncStream<SessionEvent>.Continuation] = []
    }

    /// The files themselves, which are always in reach.
    public let files: any StateManager
    public let predecessorTimeout: Duration
    private let script = Mutex(Script())

    private init(_ files: any StateManager, predecessorTimeout: Duration) {
        self.files = files
        self.predecessorTimeout = predecessorTimeout
    }

    /// Runs the body with an empty state and a function that opens more sessions on it; removes everything behind.
    public static func run(
        predecessorTimeout: Duration = .zero,
        _ body: (_ state: ScriptedState, _ open: @escaping @Sendable () async throws -> any StateManager)
            async throws -> Void
    ) async throws {
        var template = Array("/tmp/heron-scripted-state-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw StateError(.io, path: "", "mkdtemp: \(errno)") }
        let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let open: @Sendable () async throws -> any StateManager = {
            try await openStateManager(StateSettings(connection: "LOCALMODE", rootPath: root)) { _, _ in }
        }
        let state = ScriptedState(try await open(), predecessorTimeout: predecessorTimeout)
        let result: (any Error)?
        do {
            try await body(state, open)
            result = nil
        } catch {
            result = error
        }
        await state.close()
        removeTree(root)
        if let result { throw result }
    }

    /// Whether every call fails; watches tell nothing new then.
    public var isAway: Bool {
        get { script.withLock(\.isAway) }
        set { script.withLock { $0.isAway = newValue } }
    }

    public func tell(_ event: SessionEvent) {
        for listener in script.withLock(\.listeners) { listener.yield(event) }
    }

    public var location: String { files.location }

    public var sessionEvents: AsyncStream<SessionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionEvent.self)
        script.withLock { $0.listeners.append(continuation) }
        return stream
    }

    public func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) async throws {
        try checkReach()
        try await files.create(path, data, lifetime)
    }

    public func get(_ path: StatePath) async throws -> StateNode? {
        try checkReach()
        return try await files.get(path)
    }

    @discardableResult
    public func set(_ path: StatePath, _ data: [UInt8], version: Int32?) async throws -> StateNode {
        try checkReach()
        return try await files.set(path, data, version: version)
    }

    @discardableResult
    public func delete(_ path: StatePath, version: Int32?) async throws -> Bool {
        try checkReach()
        return try await files.delete(path, version: version)
    }

    public func children(_ path: StatePath) async throws -> [String] {
        try checkReach()
        return try await files.children(path)
    }

    public func multi(_ operations: [StateOperation]) async throws {
        try checkReach()
        try await files.multi(operations)
    }

    public func watch(_ path: StatePath) -> AsyncThrowingStream<StateNode?, any Error> { files.watch(path) }

    public func watchChildren(_ path: StatePath) -> AsyncThrowingStream<[String], any Error> {
        files.watchChildren(path)
    }

    public func close() async {
        for listener in script.withLock(\.listeners) { listener.finish() }
        await files.close()
    }

    private func checkReach() throws {
        guard !isAway else { throw StateError(.connectionLost, path: "", "the state is out of reach") }
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
