/// The state in files on this machine, as Heron's own local state manager keeps it.
///
/// Heron's nine directories hold one plain file per topology with the message's bytes, so that Heron's tools read and
/// write them too. What they have no place for stands in `heron-swift/`: the lock that processes share, content that is
/// about to be put in place, the journal of a write that spans several files, each node's version and, for an ephemeral
/// node, its owner. All processes that use one tree must run on one machine.
final class LocalFileStateManager: StateManager {
    private let tree: LocalTree
    private let worker: FileWorker
    private let watcher: FileWatcher
    private let session: LocalSession

    private init(_ tree: LocalTree, timeout: Duration, owner: ProcessOwner) {
        let worker = FileWorker(timeout: timeout, rootPath: tree.rootPath)
        let session = LocalSession(owner: owner)
        self.tree = tree
        self.worker = worker
        self.session = session
        watcher = FileWatcher(rootPath: tree.rootPath, log: tree.log) { dead in
            worker.runDetached { tree.remove(dead, leftBehindBefore: owner) }
        }
    }

    deinit {
        guard session.close() else { return }
        watcher.stop()
        worker.runDetached { [tree, session] in tree.endSession(session) }
    }

    static func open(
        _ settings: StateSettings,
        log: @escaping @Sendable (StateLogLevel, String) -> Void
    ) async throws -> LocalFileStateManager {
        let tree = LocalTree(rootPath: settings.rootPath, log: log)
        let manager = LocalFileStateManager(tree, timeout: settings.timeout, owner: try .current())
        try await manager.worker.run("") { try tree.open(creating: settings.initializeTree, $0) }
        return manager
    }

    var location: String { "local files in \(tree.rootPath)" }

    var sessionEvents: AsyncStream<SessionEvent> { session.events() }

    /// All processes run on this machine: whoever comes upon a dead one's node removes it.
    var predecessorTimeout: Duration { .zero }

    func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) async throws {
        try await write(path.description) { try $0.create(path, data, lifetime) }
    }

    func get(_ path: StatePath) async throws -> StateNode? {
        try await read(path) { try $0.node($1) }
    }

    func set(_ path: StatePath, _ data: [UInt8], version: Int32?) async throws -> StateNode {
        let version = try await write(path.description) { try $0.set(path, data, version: version) }
        return StateNode(data: data, version: version)
    }

    func delete(_ path: StatePath, version: Int32?) async throws -> Bool {
        try await write(path.description) { try $0.delete(path, version: version) }
    }

    func children(_ path: StatePath) async throws -> [String] {
        try await read(path) { try $0.childNames($1) }
    }

    func multi(_ operations: [StateOperation]) async throws {
        try await write("") { transaction in
            for operation in operations { try transaction.add(operation) }
        }
    }

    func watch(_ path: StatePath) -> AsyncThrowingStream<StateNode?, any Error> {
        observe(path) { try $0.node($1) }
    }

    func watchChildren(_ path: StatePath) -> AsyncThrowingStream<[String], any Error> {
        observe(path) { try $0.childNames($1) }
    }

    func close() async {
        guard session.close() else { return }
        watcher.stop()
        // A task of its own, so that the nodes go even if the caller's task is cancelled.
        let ending = Task { [tree, worker, session] in
            try await worker.run("") { start in
                try start()
                tree.endSession(session)
            }
        }
        if case .failure(let error) = await ending.result {
            tree.log(.warning, "cannot remove the ephemeral nodes of this process: \(error)")
        }
    }
}

extension LocalFileStateManager {
    private func write<Value: Sendable>(
        _ path: String,
        _ body: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws -> Value {
        try session.checkOpen(path)
        return try await worker.run(path) { [tree, session] start in
            try tree.writing(start) { view, workplace in
                var transaction = Transaction(view: view, owner: session.owner)
                let value = try body(&transaction)
                try transaction.commit(workplace)
                session.add(transaction.created(by: session.owner))
                return value
            }
        }
    }

    private func read<Value: Sendable>(
        _ path: StatePath,
        _ body: @escaping @Sendable (TreeView, NodePlace) throws -> Observation<Value>
    ) async throws -> Value {
        try session.checkOpen(path.description)
        let place = NodePlace(path)
        let found = try await worker.run(path.description) { [tree] start in
            try tree.reading(start) { try body($0, place) }
        }
        if !found.dead.isEmpty {
            worker.runDetached { [tree, session] in tree.remove(found.dead, leftBehindBefore: session.owner) }
        }
        return found.value
    }

    private func observe<Value: Sendable & Equatable>(
        _ path: StatePath,
        _ body: @escaping @Sendable (TreeView, NodePlace) throws -> Observation<Value>
    ) -> AsyncThrowingStream<Value, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Value.self,
            // Only the last value counts, however slowly they are taken.
            bufferingPolicy: .bufferingNewest(1)
        )
        do {
            try session.checkOpen(path.description)
        } catch {
            continuation.finish(throwing: error)
            return stream
        }
        let id = session.newID()
        let changes = Changes(continuation)
        let place = NodePlace(path)
        continuation.onTermination = { [watcher] _ in watcher.remove(id) }
        watcher.add(
            id,
            FileWatcher.Watch(
                place: place,
                refresh: { [tree] in
                    let found = try naming(path.description) { try tree.reading({}) { try body($0, place) } }
                    changes.yield(found.value)
                    return (found.owners, found.dead)
                },
                finish: { continuation.finish(throwing: $0) }
            )
        )
        return stream
    }
}
