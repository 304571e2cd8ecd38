import Glibc

/// What stands on the disk for a node.
struct NodeState {
    enum Form: Hashable {
        case absent
        case file(FileIdentity)
        /// A node with children, or one that had some; `data` is nil if it has no data of its own.
        case directory(data: FileIdentity?)
    }

    let form: Form
    /// Nil if another tool wrote the file, or there is none.
    let stamp: NodeStamp?
    /// Whether the node is the file of an owner that has ended: then it does not exist any more.
    let isDead: Bool

    static let absent = NodeState(form: .absent, stamp: nil, isDead: false)

    var exists: Bool { form != .absent && !isDead }
    var owner: ProcessOwner? { stamp?.owner }

    /// The file with the data.
    var identity: FileIdentity? {
        switch form {
        case .absent: nil
        case .file(let identity): identity
        case .directory(let data): data
        }
    }

    var version: Int32 {
        stamp?.version ?? identity.map(NodeStamps.derivedVersion(of:)) ?? 0
    }
}

/// The tree as one call sees it, while it holds the lock.
struct TreeView {
    let root: Directory
    /// The folder of the nodes' stamps; nil while this library has written nothing here.
    let stamps: Directory?

    /// The largest node: what Heron's own tools and ZooKeeper take is far below it.
    static let sizeLimit = 64 << 20

    /// The directory with these names below the root; nil if it does not exist.
    func directory(_ components: some Sequence<String>) throws -> Directory? {
        var directory = root
        for name in components {
            guard let next = try directory.directory(name) else { return nil }
            directory = next
        }
        return directory
    }

    func state(of place: NodePlace) throws -> NodeState {
        guard let parent = try directory(place.components.dropLast()) else { return .absent }
        return try state(of: place, in: parent)
    }

    private func state(of place: NodePlace, in parent: Directory) throws -> NodeState {
        let name = place.components[place.components.count - 1]
        guard let status = try parent.status(name) else { return .absent }
        switch status.kind {
        case .file:
            guard place.form != .treeDirectory else { throw unusable(name, in: parent, ENOTDIR) }
            return try stamped(.file(status.identity), place)
        case .directory:
            guard place.form != .heronLeaf else { throw unusable(name, in: parent, EISDIR) }
            let data = place.form == .treeDirectory ? nil : try dataStatus(of: name, in: parent)
            return try stamped(.directory(data: data?.identity), place)
        case .symbolicLink:
            throw unusable(name, in: parent, ELOOP)
        case .other:
            throw StateError(
                .io,
                path: place.node.description,
                "\(parent.path)/\(name) is neither a file nor a directory",
                hint: "move away what stands there"
            )
        }
    }

    private func dataStatus(of name: String, in parent: Directory) throws -> FileStatus? {
        guard let directory = try parent.directory(name), let data = try directory.status(NodePlace.dataName) else {
            return nil
        }
        guard data.kind == .file else { throw unusable(NodePlace.dataName, in: directory, EISDIR) }
        return data
    }

    private func unusable(_ name: String, in directory: Directory, _ number: Int32) -> FileFailure {
        FileFailure("use", "\(directory.path)/\(name)", number: number)
    }

    private func stamped(_ form: NodeState.Form, _ place: NodePlace) throws -> NodeState {
        var state = NodeState(form: form, stamp: nil, isDead: false)
        guard let identity = state.identity, let stamp = try stamps(of: place.node)?.stamp(of: identity) else {
            return state
        }
        state = NodeState(form: form, stamp: stamp, isDead: stamp.owner.map { !$0.isAlive } ?? false)
        return state
    }

    private func stamps(of node: StatePath) throws -> NodeStamps? {
        let path = node.description
        guard let bytes = try stamps?.file(NodeStamps.fileName(of: path))?.readAll(limit: 64 << 10) else { return nil }
        let found = NodeStamps(text: String(decoding: bytes, as: UTF8.self))
        return found?.path == path ? found : nil
    }

    /// The node's data, empty if it has none of its own; nil if another tool has removed the file in the meantime.
    func data(of place: NodePlace, _ state: NodeState) throws -> [UInt8]? {
        let components: [String]
        switch state.form {
        case .absent: return nil
        case .directory(data: nil): return []
        case .file: components = place.components
        case .directory: components = place.dataComponents
        }
        let parent = try directory(components.dropLast())
        return try parent?.file(components[components.count - 1])?.readAll(limit: Self.sizeLimit)
    }

    /// The node's children that stand on the disk, sorted by name; those whose owner is dead included.
    func children(of place: NodePlace) throws -> [(place: NodePlace, state: NodeState)] {
        guard let directory = try directory(place.components) else { return [] }
        return try directory.entries().compactMap(place.childName).sorted().map { name in
            let child = NodePlace(try place.node.appending(name))
            return (child, try listedState(of: child, in: directory))
        }
    }

    /// As ``state(of:)``, but what cannot be used counts as present: it must not spoil the list of the others.
    private func listedState(of place: NodePlace, in parent: Directory) throws -> NodeState {
        switch try parent.status(place.components[place.components.count - 1])?.kind {
        case .file: try state(of: place, in: parent)
        case nil: .absent
        default: NodeState(form: .directory(data: nil), stamp: nil, isDead: false)
        }
    }
}
