/// How important a message of the state library is.
public enum StateLogLevel: Sendable, Hashable {
    case debug, info, warning, error
}

/// Which state to open, as Heron's configuration names it.
public struct StateSettings: Sendable, Hashable {
    /// A state manager's class name as Heron's `statemgr.yaml` gives it; nil lets ``connection`` decide.
    public var managerClass: String?
    /// ZooKeeper's `host[:port][,host[:port]…][/chroot]`; `LOCALMODE` or empty means files on this machine.
    public var connection: String
    /// The directory, or ZooKeeper node, that holds Heron's nine directories.
    public var rootPath: String
    /// Whether a missing tree is created.
    public var initializeTree = true
    /// How long one call may take, waiting for other processes included.
    public var timeout = Duration.seconds(5)
    /// What only counts where the state is kept in ZooKeeper.
    public var zooKeeper = ZooKeeperSettings()

    /// Settings of a process that is given connection and root only: executor, stream manager, topology manager.
    public init(connection: String, rootPath: String) {
        self.connection = connection
        self.rootPath = rootPath
    }

    /// Whether the state is kept in files, so that everything that uses it runs on this machine.
    public var isOnThisMachine: Bool { connection.isEmpty || connection == "LOCALMODE" }

    /// What keeps the state.
    enum BackEnd: Sendable, Hashable {
        case localFiles
        case zooKeeper
    }

    /// The back end that class and connection agree on.
    func backEnd() throws -> BackEnd {
        guard let managerClass, !managerClass.isEmpty else { return isOnThisMachine ? .localFiles : .zooKeeper }
        switch Self.withoutVendor(managerClass) {
        case Self.localFilesClass:
            guard isOnThisMachine else {
                throw StateError(
                    key: .connection,
                    "'\(connection)' is a server, but the state manager keeps files on this machine",
                    hint: "set it to LOCALMODE"
                )
            }
            return .localFiles
        case Self.zooKeeperClass:
            guard !isOnThisMachine else {
                throw StateError(
                    key: .connection,
                    "names no ZooKeeper server",
                    hint: "set it to host:port[,host:port]"
                )
            }
            return .zooKeeper
        default:
            let known = [Self.localFilesClass, Self.zooKeeperClass].map { "org.apache.heron.\($0)" }
            throw StateError(
                key: .managerClass,
                "there is no state manager '\(managerClass)'",
                hint: "use \(known.joined(separator: " or "))"
            )
        }
    }

    private static let localFilesClass = "statemgr.localfs.LocalFileSystemStateManager"
    private static let zooKeeperClass = "statemgr.zookeeper.curator.CuratorStateManager"

    /// The class name without the package prefix, which was `com.twitter.heron` before Heron went to Apache.
    private static func withoutVendor(_ name: String) -> String {
        for vendor in ["org.apache.heron.", "com.twitter.heron."] where name.hasPrefix(vendor) {
            return String(name.dropFirst(vendor.count))
        }
        return name
    }

    /// Checks that the root is an absolute path that cannot mean another place.
    func checkRootPath() throws {
        guard !rootPath.isEmpty else { throw StateError(key: .rootPath, "is not set") }
        guard rootPath.hasPrefix("/") else {
            throw StateError(key: .rootPath, "'\(rootPath)' is not an absolute path", hint: "begin it with /")
        }
        guard !rootPath.contains("${") else {
            throw StateError(key: .rootPath, "'\(rootPath)' contains a token that nothing replaced")
        }
        for part in rootPath.split(separator: "/") where !StatePath.isValidName(String(part)) {
            throw StateError(key: .rootPath, "'\(part)' cannot be a part of it")
        }
    }
}
