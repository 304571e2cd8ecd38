/// Which containers go to which offers.
struct Assignment {
    private let groups: [OfferGroup]
    private var left: [Amounts]
    private var placed: [[ContainerNeed]]
    /// How many containers were given to each agent.
    private var given: [String: Int] = [:]
    /// Those that found no room, in the order in which they were tried.
    private(set) var unplaced: [ContainerNeed] = []

    init(groups: [OfferGroup]) {
        self.groups = groups
        left = groups.map(\.amounts)
        placed = groups.map { _ in [] }
    }

    /// Finds the first group with room.
    ///
    /// - Parameter running: With it, agents with the fewest containers come first.
    mutating func place(
        _ need: ContainerNeed,
        running: [String: Int]?,
        avoided: (Int32, String) -> Bool
    ) {
        let wanted = Amounts(need)
        var best: (index: Int, count: Int)?
        for (index, group) in groups.enumerated() {
            if let best, group.isLeaving, !groups[best.index].isLeaving { break }
            guard left[index].covers(wanted) else { continue }
            let agent = group.agent.value
            let count = running.map { $0[agent, default: 0] + given[agent, default: 0] } ?? 0
            guard best.map({ count < $0.count }) ?? true, !avoided(need.container, agent) else { continue }
            best = (index, count)
            if running == nil { break }
        }
        guard let best else { return unplaced.append(need) }
        left[best.index] -= wanted
        placed[best.index].append(need)
        given[groups[best.index].agent.value, default: 0] += 1
    }

    /// An ACCEPT for each group that got containers.
    var launches: [Launch] {
        zip(groups, placed).compactMap { group, needs in
            needs.isEmpty ? nil : group.launch(needs.sorted { $0.container < $1.container })
        }
    }
}
