/// What may stand at a path.
enum NodeForm {
    /// A directory that belongs to the tree itself and is no node to write.
    case treeDirectory
    /// A topology's node in one of Heron's directories: never with children, because Heron keeps a plain file there.
    case heronLeaf
    /// A node of ours, with children or without; or a lock.
    case any

    init(_ path: StatePath) {
        let top = StateDirectory(rawValue: path.components[0])
        let isOurs = [StatePath.ownDirectory, StatePath.sessionsDirectory].contains(path.components[0])
        self =
            switch path.components.count {
            case 1 where isOurs || top != nil: .treeDirectory
            case 2 where top != nil && top != .locks: .heronLeaf
            default: .any
            }
    }
}
