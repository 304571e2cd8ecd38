/// Where the tree stands on a ZooKeeper ensemble.
struct TreePaths: Sendable {
    /// The state's root, below the connection's chroot: empty for the chroot itself, or with a leading slash.
    let root: String

    /// - Parameter rootPath: a checked `heron.statemgr.root.path`.
    init(rootPath: String) {
        root = rootPath.split(separator: "/").map { "/" + $0 }.joined()
    }

    /// The node's path as the client takes it.
    func absolute(_ path: StatePath) -> String {
        "\(root)/\(path)"
    }

    /// The path of a node relative to the root; as it is if it is not below.
    func relative(_ absolute: String) -> String {
        absolute.hasPrefix(root + "/") && absolute.count > root.count + 1
            ? String(absolute.dropFirst(root.count + 1)) : absolute
    }

    /// The node above, or nil for one right below `/`.
    static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
        return String(path[..<slash])
    }

    /// The root itself and all above it, from the top.
    var ancestors: [String] {
        var path = ""
        return root.split(separator: "/").map { part in
            path += "/\(part)"
            return path
        }
    }

    /// The directories of the tree.
    var directories: [String] {
        (StateDirectory.allCases.map(\.rawValue) + [StatePath.ownDirectory, StatePath.sessionsDirectory])
            .map { "\(root)/\($0)" }
    }
}
