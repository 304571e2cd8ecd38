import ZooKeeperClient

/// The state in ZooKeeper, as Heron's own state manager keeps it there.
///
/// Heron's nine directories hold one node per topology with the message's bytes; what is ours alone stands in
/// `heron-swift/` and `heron-swift-sessions/` beside them. All managers of a process with the same servers, chroot and
/// credentials share one session.
final class ZooKeeperStateManager: StateManager {
    let location: String
    let predecessorTimeout: Duration

    private let client: ZooKeeperClient
    private let paths: TreePaths
    private let holders: NodeHolders
    private let failure: ZooKeeperFailure
    private let timeout: Duration

    private init(_ client: ZooKeeperClient, _ settings: StateSettings, _ failure: ZooKeeperFailure) {
        self.client = client
        self.failure = failure
        paths = TreePaths(rootPath: settings.rootPath)
        holders = NodeHolders(client, paths)
        timeout = settings.timeout
        predecessorTimeout = client.sessionTimeout
        location = failure.location + paths.root
    }

    static func open(
        _ settings: StateSettings,
        _ options: ZooKeeperOptions,
        log: @escaping @Sendable (StateLogLevel, String) -> Void
    ) async throws -> ZooKeeperStateManager {
        let failure = ZooKeeperFailure(settings, options)
        do {
            let client = try await ZooKeeperClient.open(options) { log(StateLogLevel($0), $1) }
            let manager = ZooKeeperStateManager(client, settings, failure)
            do {
                try await TreeSetup(
                    client: client,
                    paths: manager.paths,
                    location: manager.location,
                    deadline: .now + options.connectionTimeout
                ).open(creating: settings.initializeTree)
                if options.credentials != nil { try await manager.warnIfOpen(log) }
            } catch {
                await client.close()
                throw error
            }
            return manager
        } catch let error as ZooKeeperError {
            throw failure.stateError(error, path: error.path)
        }
    }

    func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) async throws {
        try await multi([.create(path, data, lifetime)])
    }

    func get(_ path: StatePath) async throws -> StateNode? {
        try await call(path) { try await client.get(paths.absolute(path), before: $0).map(StateNode.init) }
    }

    func set(_ path: StatePath, _ data: [UInt8], version: Int32?) async throws -> StateNode {
        try checkWritable(path)
        return try await call(path) { deadline in
            let operation = ZooKeeperOperation.set(paths.absolute(path), data, version: version)
            try PacketSize.check([operation], naming: paths.relative)
            let stat = try await client.set(operation.path, data, version: version, before: deadline)
            return StateNode(data: data, version: stat.version)
        }
    }

    func delete(_ path: StatePath, version: Int32?) async throws -> Bool {
        try checkWritable(path)
        do {
            try await call(path) { try await client.delete(paths.absolute(path), version: version, before: $0) }
            return true
        } catch let error as StateError where error.code == .noNode {
            return false
        }
    }

    func children(_ path: StatePath) async throws -> [String] {
        try await call(path) { Self.names(try await client.children(paths.absolute(path), before: $0)) }
    }

    func multi(_ operations: [StateOperation]) async throws {
        for operation in operations { try check(operation) }
        try await call(nil) { deadline in
            if operations.contains(where: \.isEphemeral) { try await holders.record(before: deadline) }
            let writer = TreeWriter(client: client, paths: paths, holders: holders, deadline: deadline)
            try await writer.write(operations.flatMap(steps))
        }
    }

    func watch(_ path: StatePath) -> AsyncThrowingStream<StateNode?, any Error> {
        client.watch(paths.absolute(path), { $0.map(StateNode.init) }, failingWith: streamError(path))
    }

    func watchChildren(_ path: StatePath) -> AsyncThrowingStream<[String], any Error> {
        client.watchChildren(paths.absolute(path), Self.names, failingWith: streamError(path))
    }

    var sessionEvents: AsyncStream<SessionEvent> {
        client.events { [client, paths] event in
            switch event {
            case .connected: .connected
            case .disconnected: .disconnected
            case .expired: .expired
            case .renewed: .renewed
            case .ephemeralLost(let path):
                // Another state in the same session may have nodes too.
                (try? StatePath(paths.relative(client.relative(path)).split(separator: "/").map(String.init)))
                    .map { .ephemeralLost($0) }
            }
        }
    }

    func close() async {
        await client.close()
    }
}

extension ZooKeeperStateManager {
    /// Credentials protect what is created with them; a tree that was there before keeps its ACLs.
    private func warnIfOpen(_ log: @Sendable (StateLogLevel, String) -> Void) async throws {
        let directory = paths.absolute(StatePath(.topologies))
        guard try await client.canBeChangedByAll(directory, before: .now + timeout) else { return }
        log(
            .warning,
            "\(location) was made without credentials and can be changed by everybody; "
                + "docs/zookeeper.md says how to protect it"
        )
    }

    private func call<Value>(
        _ path: StatePath?,
        _ body: (_ deadline: ContinuousClock.Instant) async throws -> Value
    ) async throws -> Value {
        do {
            return try await body(.now + timeout)
        } catch let error as ZooKeeperError {
            let name = path?.description ?? paths.relative(client.relative(error.path))
            throw failure.stateError(error, path: name)
        }
    }

    private func streamError(_ path: StatePath) -> @Sendable (ZooKeeperError) -> any Error {
        { [failure] in failure.stateError($0, path: path.description) }
    }

    private func steps(_ operation: StateOperation) -> [ZooKeeperOperation] {
        switch operation {
        case .create(let path, let data, let lifetime):
            [.create(paths.absolute(path), data, isEphemeral: lifetime == .ephemeral)]
        case .set(let path, let data, let version): [.set(paths.absolute(path), data, version: version)]
        case .delete(let path, let version): [.delete(paths.absolute(path), version: version)]
        case .check(let path, let version): [.check(paths.absolute(path), version: version)]
        case .checkAbsent(let path):
            // ZooKeeper has no such check; a node that can be created is not there.
            [
                .create(paths.absolute(path), [], isEphemeral: false),
                .delete(paths.absolute(path), version: nil),
            ]
        }
    }

    private func check(_ operation: StateOperation) throws {
        switch operation {
        case .create(let path, _, _):
            try checkWritable(path)
            if let parent = path.parent, NodeForm(parent) == .heronLeaf {
                let message = "the node cannot have children: Heron keeps a plain file here"
                throw StateError(.invalidPath, path: parent.description, message)
            }
        case .set(let path, _, _), .delete(let path, _): try checkWritable(path)
        case .check, .checkAbsent: break
        }
    }

    private func checkWritable(_ path: StatePath) throws {
        guard NodeForm(path) == .treeDirectory else { return }
        throw StateError(.invalidPath, path: path.description, "it is a directory of the tree, not a node to write")
    }

    /// Other names are other people's nodes, which no path can name.
    private static func names(_ found: [String]?) -> [String] {
        (found ?? []).filter(StatePath.isValidName).sorted()
    }
}

extension ZooKeeperFailure {
    fileprivate init(_ settings: StateSettings, _ options: ZooKeeperOptions) {
        let tunnel = "heron opens no tunnels by itself: see docs/zookeeper.md for how to"
        self.init(
            location: "ZooKeeper at \(options.connection)",
            user: options.credentials?.user,
            unreachableHint: settings.zooKeeper.isTunnelWanted
                ? tunnel : "see that it runs and that the connection string is right"
        )
    }
}

extension StateNode {
    fileprivate init(_ node: ZooKeeperNode) {
        self.init(data: node.data, version: node.stat.version)
    }
}

extension StateOperation {
    fileprivate var isEphemeral: Bool {
        if case .create(_, _, .ephemeral) = self { true } else { false }
    }
}

extension StateLogLevel {
    fileprivate init(_ level: ZooKeeperLogLevel) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
