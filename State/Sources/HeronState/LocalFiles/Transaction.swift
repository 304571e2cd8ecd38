import Glibc

/// Operations that take effect together. They are checked one after the other, each against what those before it have
/// left; the disk is changed only by ``commit(_:)``.
struct Transaction {
    /// A node that the operations concern, as it is and as it shall be.
    struct Entry {
        let place: NodePlace
        let state: NodeState
        /// Nil if the node shall not exist.
        var planned: PlannedNode?
        /// Whether the node has to be a directory, because a node below it is created.
        var isParent = false
    }

    struct PlannedNode {
        /// Nil for the data that is there.
        var data: [UInt8]?
        var version: Int32
        var owner: ProcessOwner?
    }

    let view: TreeView
    /// Who owns the ephemeral nodes that are created.
    let owner: ProcessOwner
    private var entries: [StatePath: Entry] = [:]
    private var order: [StatePath] = []

    init(view: TreeView, owner: ProcessOwner) {
        self.view = view
        self.owner = owner
    }

    /// The entries in the order in which the operations came to them.
    var touched: [Entry] { order.compactMap { entries[$0] } }

    /// Adds an operation; throws what stands against it.
    mutating func add(_ operation: StateOperation) throws {
        switch operation {
        case .create(let path, let data, let lifetime):
            try naming(path.description) { try create(path, data, lifetime) }
        case .set(let path, let data, let version):
            try naming(path.description) { _ = try set(path, data, version: version) }
        case .delete(let path, let version):
            try naming(path.description) {
                guard try delete(path, version: version) else { throw Self.noNode(path) }
            }
        case .check(let path, let version):
            try naming(path.description) { _ = try existing(path, version: version) }
        case .checkAbsent(let path):
            try naming(path.description) {
                guard try load(path).planned == nil else { throw Self.nodeExists(path) }
            }
        }
    }

    mutating func create(_ path: StatePath, _ data: [UInt8], _ lifetime: NodeLifetime) throws {
        var entry = try writableEntry(path, data)
        guard entry.planned == nil else { throw Self.nodeExists(path) }
        try makeParent(of: path)
        entry.planned = PlannedNode(data: data, version: 0, owner: lifetime == .ephemeral ? owner : nil)
        entries[path] = entry
    }

    /// Replaces the node's data and returns its new version.
    mutating func set(_ path: StatePath, _ data: [UInt8], version: Int32?) throws -> Int32 {
        var entry = try writableEntry(path, data)
        let node = try existing(path, version: version)
        entry.planned = PlannedNode(data: data, version: node.version &+ 1, owner: node.owner)
        entries[path] = entry
        return node.version &+ 1
    }

    /// False if there is no such node.
    mutating func delete(_ path: StatePath, version: Int32?) throws -> Bool {
        var entry = try writableEntry(path, [])
        guard entry.planned != nil else { return false }
        _ = try existing(path, version: version)
        guard try !hasChildren(entry) else {
            throw StateError(.notEmpty, path: path.description, "the node has children")
        }
        entry.planned = nil
        entries[path] = entry
        return true
    }

    /// The node as it would be now; throws if it is not there or has another version.
    private mutating func existing(_ path: StatePath, version: Int32?) throws -> PlannedNode {
        guard let node = try load(path).planned else { throw Self.noNode(path) }
        if let version, node.version != version {
            throw StateError(
                .badVersion,
                path: path.description,
                "the node has version \(node.version), not \(version)",
                hint: "someone else has changed it: read it again"
            )
        }
        return node
    }

    /// The node as the operations so far leave it. What a dead owner has left under its name goes with the commit.
    @discardableResult
    mutating func load(_ path: StatePath) throws -> Entry {
        if let entry = entries[path] { return entry }
        let place = NodePlace(path)
        let state = try view.state(of: place)
        let planned = state.exists ? PlannedNode(data: nil, version: state.version, owner: state.owner) : nil
        let entry = Entry(place: place, state: state, planned: planned)
        entries[path] = entry
        order.append(path)
        return entry
    }

    private mutating func writableEntry(_ path: StatePath, _ data: [UInt8]) throws -> Entry {
        guard data.count <= TreeView.sizeLimit else {
            throw StateError(.tooLarge, path: path.description, "\(data.count) bytes are more than a node may hold")
        }
        let entry = try load(path)
        guard entry.place.form != .treeDirectory else {
            throw StateError(.invalidPath, path: path.description, "it is a directory of the tree, not a node to write")
        }
        return entry
    }

    /// Makes the node above one that is created, if it is missing, and sees to it that it can have children.
    private mutating func makeParent(of path: StatePath) throws {
        guard let parent = path.parent else { return }
        var entry = try load(parent)
        guard entry.place.form != .heronLeaf else {
            let message = "the node cannot have children: Heron keeps a plain file here"
            throw StateError(.invalidPath, path: parent.description, message)
        }
        guard entry.planned?.owner == nil else {
            throw StateError(.invalidPath, path: parent.description, "an ephemeral node cannot have children")
        }
        if entry.planned == nil {
            try makeParent(of: parent)
            entry.planned = PlannedNode(data: [], version: 0, owner: nil)
        }
        entry.isParent = true
        entries[parent] = entry
    }

    private mutating func hasChildren(_ entry: Entry) throws -> Bool {
        if case .directory = entry.state.form {
            for child in try view.children(of: entry.place) where try load(child.place.node).planned != nil {
                return true
            }
        }
        return entries.values.contains { $0.planned != nil && $0.place.node.parent == entry.place.node }
    }

    private static func nodeExists(_ path: StatePath) -> StateError {
        StateError(.nodeExists, path: path.description, "the node exists already")
    }

    private static func noNode(_ path: StatePath) -> StateError {
        StateError(.noNode, path: path.description, "the node does not exist")
    }
}
