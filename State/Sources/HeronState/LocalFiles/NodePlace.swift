/// Where a node stands in the tree of files.
///
/// Heron keeps one plain file per topology in each of its nine directories; those names stand as they are. All other
/// nodes are ours: a leaf is a file, a node with children a directory, whose own data is the file ``dataName`` in it.
/// Names of ours that begin with a dot get a second one, so that those with a single dot are free for this library.
struct NodePlace {
    let node: StatePath
    /// The names on the disk, from the root on.
    let components: [String]
    let form: NodeForm
    /// Whether no one but the owner may look.
    let isPrivate: Bool

    init(_ node: StatePath) {
        self.node = node
        let top = StateDirectory(rawValue: node.components[0])
        let plainNames = top == nil ? 1 : 2
        components = node.components.enumerated().map { index, name in
            index < plainNames ? name : Self.diskName(name)
        }
        let isOurs = node.components[0] == StatePath.ownDirectory
        isPrivate = isOurs && node.components.count > 1
        form = NodeForm(node)
    }

    /// The file that holds the data of a node that is a directory.
    static let dataName = ".data"

    /// The file with the node's data, if the node is a directory.
    var dataComponents: [String] { components + [Self.dataName] }

    /// The name of a child as the protocol knows it; nil for a file that is no node.
    func childName(_ diskName: String) -> String? {
        let isPlain = components.count == 1 && StateDirectory(rawValue: components[0]) != nil
        guard !isPlain, diskName.hasPrefix(".") else { return StatePath.isValidName(diskName) ? diskName : nil }
        return diskName.hasPrefix("..") ? String(diskName.dropFirst()) : nil
    }

    private static func diskName(_ name: String) -> String {
        name.hasPrefix(".") ? "." + name : name
    }
}
