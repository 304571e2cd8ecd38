/// How important a message of the state library is.
public enum StateLogLevel: Sendable, Hashable {
    case debug, info, warning, error
}

/// Which state to open, as Heron's configuration names it.
public struct StateSettings: Sendable, Hashable {
    /// A state manager's class name as Heron's `statemgr.yaml` gives it; nil lets ``connection`` decide.
    public var managerClass: String?
    /// ZooKeeper's `host:port[,host:port]`; `LOCALMODE` or empty means files on this machine.
    public var connection: String
    /// The directory, or ZooKeeper node, that holds Heron's nine directories.
    public var rootPath: String
    /// Whether a missing tree is created.
    public var initializeTree = true
    /// How long one call may take, waiting for other processes included.
    public var timeout = Duration.seconds(5)

    /// Settings of a process that is given connection and root only: executor, stream manager, topology manager.
    public init(connection: String, rootPath: String) {
        self.connection = connection
        self.rootPath = rootPath
    }

    /// Settings from Heron's configuration keys, with all `${TOKEN}`s replaced; other keys are ignored.
    ///
    /// Throws ``StateError`` with code `badConfiguration`, which names the key and what it may be.
    public init(keys: [String: String]) throws {
        self.init(connection: keys[Key.connection] ?? "", rootPath: keys[Key.rootPath] ?? "")
        managerClass = keys[Key.managerClass]
        initializeTree =
            switch try backEnd() {
            case .localFiles: try Self.bool(keys, Key.initializeFileTree)
            case .zooKeeper: try Self.bool(keys, Key.initializeZooKeeperTree)
            }
        try checkRootPath()
    }

    /// What keeps the state.
    enum BackEnd: Sendable, Hashable {
        case localFiles
        case zooKeeper
    }

    /// The back end that class and connection agree on.
    func backEnd() throws -> BackEnd {
        let isLocalMode = connection.isEmpty || connection == "LOCALMODE"
        guard let managerClass, !managerClass.isEmpty else { return isLocalMode ? .localFiles : .zooKeeper }
        switch Self.withoutVendor(managerClass) {
        case "statemgr.localfs.LocalFileSystemStateManager":
            guard isLocalMode else {
                throw Self.bad(
                    Key.connection,
                    "'\(connection)' is a server, but the state manager keeps files on this machine",
                    hint: "set it to LOCALMODE"
                )
            }
            return .localFiles
        case "statemgr.zookeeper.curator.CuratorStateManager":
            guard !isLocalMode else {
                throw Self.bad(Key.connection, "names no ZooKeeper server", hint: "set it to host:port[,host:port]")
            }
            return .zooKeeper
        default:
            let known = "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager"
            throw Self.bad(Key.managerClass, "there is no state manager '\(managerClass)'", hint: "use \(known)")
        }
    }

    /// Checks that the root is an absolute path that cannot mean another place.
    func checkRootPath() throws {
        guard !rootPath.isEmpty else { throw Self.bad(Key.rootPath, "is not set") }
        guard rootPath.hasPrefix("/") else {
            throw Self.bad(Key.rootPath, "'\(rootPath)' is not an absolute path", hint: "begin it with /")
        }
        guard !rootPath.contains("${") else {
            throw Self.bad(Key.rootPath, "'\(rootPath)' contains a token that nothing replaced")
        }
        for part in rootPath.split(separator: "/") where !StatePath.isValidName(String(part)) {
            throw Self.bad(Key.rootPath, "'\(part)' cannot be a part of it")
        }
    }

    private enum Key {
        static let managerClass = "heron.class.state.manager"
        static let connection = "heron.statemgr.connection.string"
        static let rootPath = "heron.statemgr.root.path"
        static let initializeFileTree = "heron.statemgr.localfs.is.initialize.file.tree"
        static let initializeZooKeeperTree = "heron.statemgr.zookeeper.is.initialize.tree"
    }

    /// The class name without the package prefix, which was `com.twitter.heron` before Heron went to Apache.
    private static func withoutVendor(_ name: String) -> Substring {
        for vendor in ["org.apache.heron.", "com.twitter.heron."] where name.hasPrefix(vendor) {
            return name.dropFirst(vendor.count)
        }
        return name[...]
    }

    private static func bool(_ keys: [String: String], _ key: String) throws -> Bool {
        guard let value = keys[key] else { return true }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw bad(key, "'\(value)' is neither true nor false")
        }
    }

    private static func bad(_ key: String, _ message: String, hint: String? = nil) -> StateError {
        StateError(.badConfiguration, path: "", "\(key): \(message)", hint: hint)
    }
}
