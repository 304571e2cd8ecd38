import HeronModel

/// How long a node lives.
public enum NodeLifetime: Sendable, Hashable {
    /// Until it is deleted.
    case persistent
    /// Until it is deleted or the manager that created it is closed, dies, or loses its session.
    case ephemeral
}

/// A node's bytes and the version that a conditional write names.
public struct StateNode: Sendable, Hashable {
    public let data: [UInt8]
    /// Counts the writes since the node was created, from 0.
    public let version: Int32

    public init(data: [UInt8], version: Int32) {
        self.data = data
        self.version = version
    }
}

/// One step of an atomic ``StateManager/multi(_:)``. A nil version means any version.
public enum StateOperation: Sendable {
    case create(StatePath, [UInt8], NodeLifetime)
    case set(StatePath, [UInt8], version: Int32?)
    case delete(StatePath, version: Int32?)
    case check(StatePath, version: Int32)
    /// Fails with `nodeExists` if the node is there.
    case checkAbsent(StatePath)
}

/// What happens to a manager's session, for owners that stop deciding while they cannot be sure.
public enum SessionEvent: Sendable, Hashable {
    case connected
    case disconnected
    /// The session is over, or must be taken for over because no server has answered for a whole session timeout: other
    /// processes may have seen the manager's ephemeral nodes vanish. ``connected`` follows if the session turns out to
    /// live, ``renewed`` if a new one was made.
    case expired
    /// The old session ended; a new one stands and the manager's ephemeral nodes have been created again.
    case renewed
    /// An ephemeral node could not be created again, because another holder has it.
    case ephemeralLost(StatePath)
}

/// The state of all topologies below one root: a tree of small nodes, each one Heron message.
///
/// Two implementations with the same semantics: ZooKeeper and local files. Every call is safe from any task, takes no
/// longer than the manager's timeout, stops early with `CancellationError` when its task is cancelled, and otherwise
/// throws ``StateError``.
public protocol StateManager: AnyObject, Sendable {
    /// Where this state is, for messages: never with credentials.
    var location: String { get }

    /// What happened to the session, from now on; ends when the manager is closed.
    var sessionEvents: AsyncStream<SessionEvent> { get }

    /// How long an ephemeral node may stand after its holder has died where nobody could see it; zero if it never does.
    var predecessorTimeout: Duration { get }

    /// Creates a node; `nodeExists` if it is there. Missing parents are created as persistent, empty nodes.
    ///
    /// `invalidPath` where a node cannot have children: an ephemeral one, and a topology's node in Heron's directories
    /// (except `locks`), because Heron's own tools expect a plain file there.
    func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) async throws

    /// The node, or nil if there is none.
    func get(_ path: StatePath) async throws -> StateNode?

    /// Replaces the node's data; `noNode` if it is not there, `badVersion` if `version` is given and another one stands.
    @discardableResult
    func set(_ path: StatePath, _ data: [UInt8], version: Int32?) async throws -> StateNode

    /// Deletes the node; false if there was none. `notEmpty` if it has children, `badVersion` as in ``set(_:_:version:)``.
    @discardableResult
    func delete(_ path: StatePath, version: Int32?) async throws -> Bool

    /// The names of the node's children, sorted; empty if the node does not exist.
    func children(_ path: StatePath) async throws -> [String]

    /// Performs all operations or none, in order. Throws the first operation's error, with that operation's path.
    func multi(_ operations: [StateOperation]) async throws

    /// The node as it is now and again after every change; nil while it does not exist.
    ///
    /// Changes that follow each other quickly may be reported as one; the last one is never missed. The stream ends when
    /// its consumer stops or the manager is closed.
    func watch(_ path: StatePath) -> AsyncThrowingStream<StateNode?, any Error>

    /// The node's children as they are now and again after every change, as ``watch(_:)`` does.
    func watchChildren(_ path: StatePath) -> AsyncThrowingStream<[String], any Error>

    /// Ends the session: ephemeral nodes vanish at once. Later calls throw `closed`. May be called again.
    func close() async
}
