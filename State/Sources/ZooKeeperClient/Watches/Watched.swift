/// What is watched of a node.
enum WatchKind: Sendable, Hashable {
    case data
    case children
}

/// One node's data, or its children; all who watch the same share one watch on the server.
struct WatchKey: Sendable, Hashable {
    let path: String
    let kind: WatchKind
}

/// What a watch has found.
enum WatchedValue: Sendable, Hashable {
    /// Nil while there is no node.
    case node(ZooKeeperNode?)
    /// Unsorted; nil while there is no node.
    case children([String]?)
}

/// Told every value: the present one first, then each that differs from the one before, and at last an error.
///
/// Called on the C client's thread: must not block.
typealias WatchObserver = @Sendable (Result<WatchedValue, ZooKeeperError>) -> Void
