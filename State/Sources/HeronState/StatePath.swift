/// The directories below the state root, one node per topology in each; names as Heron 0.20.5 writes them.
public enum StateDirectory: String, CaseIterable, Sendable {
    case topologies
    case packingplans
    case executionstate
    case schedulers
    case tmanagers
    case metricscaches
    case pplans
    case statefulcheckpoints
    case locks
}

/// Where a node stands, relative to the state's root.
///
/// A path is made from checked parts only, so that no name from outside can leave its directory.
public struct StatePath: Hashable, Sendable, CustomStringConvertible {
    /// The path's parts, from the root on; never empty, never `.`, `..` or with a `/` in one.
    public let components: [String]

    /// The path with `/` between its parts and none in front.
    public var description: String { components.joined(separator: "/") }

    /// The name of the node itself.
    public var name: String { components[components.count - 1] }

    /// The path above this one, or nil for a directory right below the root.
    public var parent: StatePath? {
        components.count > 1 ? StatePath(checked: Array(components.dropLast())) : nil
    }

    private init(checked components: [String]) {
        self.components = components
    }

    /// A path from parts; throws ``StateError`` with code `invalidPath` for a part that could mean another place.
    public init(_ components: [String]) throws {
        guard !components.isEmpty else { throw StateError(.invalidPath, path: "", "a state path must not be empty") }
        for part in components where !StatePath.isValidName(part) {
            throw StateError(.invalidPath, path: components.joined(separator: "/"), "'\(part)' cannot be a node's name")
        }
        self.components = components
    }

    /// The node of a topology in one of Heron's directories.
    public init(_ directory: StateDirectory, _ topology: String) throws {
        try self.init([directory.rawValue, topology])
    }

    /// One of Heron's directories itself.
    public init(_ directory: StateDirectory) {
        self.init(checked: [directory.rawValue])
    }

    /// A node that is ours alone: `heron-swift/<topology>/<name>`, which Heron's own tools never look at.
    public init(own topology: String, _ names: String...) throws {
        try self.init([StatePath.ownDirectory, topology] + names)
    }

    /// The folder of everything under the root that Heron itself does not know.
    public static let ownDirectory = "heron-swift"

    /// The folder of what says which process holds a ZooKeeper session; files need none.
    public static let sessionsDirectory = "heron-swift-sessions"

    /// The path of a node below this one.
    public func appending(_ name: String) throws -> StatePath {
        try StatePath(components + [name])
    }

    /// Whether ZooKeeper and a file system both take the name: 1 to 255 bytes, no `/`, no control characters, and none of
    /// those that ZooKeeper's server refuses: beyond the basic plane (U+10000 and up), private (U+E000 to U+F8FF) and
    /// special (U+FFF0 to U+FFFF) ones.
    public static func isValidName(_ name: String) -> Bool {
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255 else { return false }
        // Nearly every name, at a fraction of the cost: lists of children are long.
        if name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "/") }) { return true }
        return name.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0...0x1F, 0x2F, 0x7F...0x9F, 0xD800...0xF8FF, 0xFFF0...: false
            default: true
            }
        }
    }
}
