/// What a transaction does to the disk: names that go, directories, and files that are written.
struct TransactionPlan {
    /// A file to be written, and the stamp that it gets.
    struct Put {
        let place: NodePlace
        let target: [String]
        let data: [UInt8]
        let version: Int32
        let owner: ProcessOwner?
        /// What has had the node's data so far, with its stamp.
        let previous: NodeState
        /// Whether a file has the name already.
        let isReplacement: Bool
    }

    /// A file to be removed.
    struct Removal {
        let target: [String]
        let inode: UInt64
    }

    private(set) var removals: [Removal] = []
    private(set) var oldDirectories: [FileStep] = []
    private(set) var newDirectories: [FileStep] = []
    private(set) var puts: [Put] = []
    /// Nodes that exist no more, whose stamps can go.
    private(set) var gone: [StatePath] = []
    /// Whether anything changes that a power failure must not lose: what lives only as long as a process need not.
    private(set) var isDurable = false

    init(_ transaction: Transaction) throws {
        for entry in transaction.touched {
            try naming(entry.place.node.description) { try add(entry, transaction.view) }
        }
        // A directory goes after those below it, and comes before them.
        oldDirectories.sort { $0.target.count > $1.target.count }
        newDirectories.sort { $0.target.count < $1.target.count }
    }

    private mutating func add(_ entry: Transaction.Entry, _ view: TreeView) throws {
        let (place, state) = (entry.place, entry.state)
        guard let planned = entry.planned else { return remove(place, state) }
        switch state.form {
        case .absent where entry.isParent:
            makeDirectory(place)
            if !(planned.data ?? []).isEmpty { put(entry, planned, at: place.dataComponents, isReplacement: false) }
        case .absent:
            put(entry, planned, at: place.components, isReplacement: false)
        case .file(let identity) where entry.isParent:
            var whole = planned
            whole.data = try planned.data ?? view.data(of: place, state) ?? []
            removals.append(Removal(target: place.components, inode: identity.inode))
            makeDirectory(place)
            put(entry, whole, at: place.dataComponents, isReplacement: false)
        case .file:
            put(entry, planned, at: place.components, isReplacement: true)
        case .directory(data: nil) where planned.data == [] && planned.version == 0:
            break
        case .directory(let data):
            put(entry, planned, at: place.dataComponents, isReplacement: data != nil)
        }
    }

    private mutating func put(
        _ entry: Transaction.Entry,
        _ planned: Transaction.PlannedNode,
        at target: [String],
        isReplacement: Bool
    ) {
        guard let data = planned.data else { return }
        if planned.owner == nil { isDurable = true }
        puts.append(
            Put(
                place: entry.place,
                target: target,
                data: data,
                version: planned.version,
                owner: planned.owner,
                previous: entry.state,
                isReplacement: isReplacement
            )
        )
    }

    private mutating func makeDirectory(_ place: NodePlace) {
        newDirectories.append(.makeDirectory(place.components, isPrivate: place.isPrivate))
        isDurable = true
    }

    private mutating func remove(_ place: NodePlace, _ state: NodeState) {
        switch state.form {
        case .absent:
            return
        case .file(let identity):
            removals.append(Removal(target: place.components, inode: identity.inode))
        case .directory(let data):
            if let data { removals.append(Removal(target: place.dataComponents, inode: data.inode)) }
            oldDirectories.append(.removeDirectory(place.components, isPrivate: place.isPrivate))
        }
        gone.append(place.node)
        if state.owner == nil { isDurable = true }
    }
}
