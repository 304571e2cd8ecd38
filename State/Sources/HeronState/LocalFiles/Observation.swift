/// What a read has found, and what it depends on beside the files themselves.
struct Observation<Value: Sendable>: Sendable {
    let value: Value
    /// Whose end would change the value.
    var owners: Set<ProcessOwner> = []
    /// Nodes whose owners have ended, which stand on the disk and do not exist.
    var dead: [StatePath] = []
}

extension TreeView {
    /// The node; nil if there is none.
    func node(_ place: NodePlace) throws -> Observation<StateNode?> {
        let state = try state(of: place)
        guard state.exists else { return Observation(value: nil, dead: state.isDead ? [place.node] : []) }
        guard let data = try data(of: place, state) else { return Observation(value: nil) }
        let node = StateNode(data: data, version: state.version)
        return Observation(value: node, owners: state.owner.map { [$0] } ?? [])
    }

    /// The names of the node's children, sorted.
    func childNames(_ place: NodePlace) throws -> Observation<[String]> {
        guard place.form != .heronLeaf else { return Observation(value: []) }
        let all = try children(of: place)
        return Observation(
            value: all.filter(\.state.exists).map(\.place.node.name),
            owners: Set(all.filter(\.state.exists).compactMap(\.state.owner)),
            dead: all.filter(\.state.isDead).map(\.place.node)
        )
    }
}
