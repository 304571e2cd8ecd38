import HeronModel

/// Heron's default: instances are dealt out to a fixed number of containers, one after the other.
///
/// Components that ask for the most RAM go first. A container's resources that no component has claimed are shared
/// equally by the container's other instances; without a request for the container as a whole, its total is what the
/// fullest container would need, so instances in emptier containers get more than the default.
public struct RoundRobinPacking: PackingAlgorithm {
    public static let className = "org.apache.heron.packing.roundrobin.RoundRobinPacking"

    private static let cpuPadding: Double = 1
    private static let diskPadding: Int64 = 12 << 30
    private static let minimumInstanceRAM: Int64 = 16 << 20

    private let topologyID: String
    private let settings: TopologySettings
    private let instance: Resources

    public init(topology: Topology, settings: PackingSettings) throws {
        topologyID = topology.id
        self.settings = try TopologySettings(topology)
        instance = settings.instance
    }

    public func pack(warn: (String) -> Void) throws -> PackingPlan {
        var containers: [[PlacedInstance]] = try deal()
        let fullest: Int = containers.map(\.count).max() ?? 0
        try shareRAM(among: &containers, fullest: fullest, warn: warn)
        try shareCPU(among: &containers, fullest: fullest, warn: warn)
        try checkMinimumRAM(containers)
        return PackingPlan(
            id: topologyID,
            containers: containers.enumerated().map { offset, instances in
                PlannedContainer(
                    id: offset + 1,
                    instances: instances,
                    required: required(by: instances, fullest: fullest)
                )
            }
        )
    }

    private var ramPadding: Int64 {
        settings.ramPadding
            ?? settings.streamManagerRAM + settings.metricsManagerRAM + settings.checkpointManagerRAM
    }

    /// Deals the instances out, each with the default disk and no other resources yet.
    private func deal() throws -> [[PlacedInstance]] {
        let count: Int = settings.instanceCount
        guard settings.containers <= count else {
            throw PackingError.moreContainersThanInstances(containers: settings.containers, instances: count)
        }
        var containers: [[PlacedInstance]] = Array(repeating: [], count: settings.containers)
        var dealt = 0
        let order: [ComponentParallelism] = settings.components.inJavaHashOrder()
            .stablySorted { -(settings.componentRAM[$0.component] ?? 0) }
        for entry in order {
            for index in 0..<entry.instances {
                containers[dealt % settings.containers].append(
                    PlacedInstance(
                        component: entry.component,
                        taskID: dealt + 1,
                        index: index,
                        resources: Resources(cpu: 0, ram: 0, disk: instance.disk)
                    )
                )
                dealt += 1
            }
        }
        return containers
    }

    private func shareRAM(among containers: inout [[PlacedInstance]], fullest: Int, warn: (String) -> Void) throws {
        let budget = Budget(
            kind: .ram,
            claims: settings.componentRAM,
            requested: settings.containerRAM,
            standard: instance.ram * Int64(fullest) + ramPadding,
            padding: ramPadding,
            text: bytesText
        )
        for offset in containers.indices {
            let shares: [Int64] = try budget.share(among: containers[offset], container: offset + 1, warn: warn) {
                Int64(roundedHalfUp(Double($0) / Double($1)))
            }
            for (index, share) in shares.enumerated() { containers[offset][index].resources.ram = share }
        }
    }

    private func shareCPU(among containers: inout [[PlacedInstance]], fullest: Int, warn: (String) -> Void) throws {
        let budget = Budget(
            kind: .cpu,
            claims: settings.componentCPU,
            requested: settings.containerCPU,
            standard: roundedHalfUp(instance.cpu * Double(fullest) + RoundRobinPacking.cpuPadding),
            padding: RoundRobinPacking.cpuPadding,
            text: coresText
        )
        for offset in containers.indices {
            let shares: [Double] = try budget.share(among: containers[offset], container: offset + 1, warn: warn) {
                $0 / Double($1)
            }
            for (index, share) in shares.enumerated() { containers[offset][index].resources.cpu = share }
        }
    }

    private func checkMinimumRAM(_ containers: [[PlacedInstance]]) throws {
        for instance in containers.joined() where instance.resources.ram < RoundRobinPacking.minimumInstanceRAM {
            throw PackingError.instanceTooSmall(
                component: instance.component,
                resource: .ram,
                given: bytesText(instance.resources.ram),
                minimum: bytesText(RoundRobinPacking.minimumInstanceRAM)
            )
        }
    }

    /// What a container needs: what was requested for it, or its instances and the padding.
    private func required(by instances: [PlacedInstance], fullest: Int) -> Resources {
        let sum: Resources = instances.reduce(.none) { $0 + $1.resources }
        let ram: Int64 = sum.ram + ramPadding
        return Resources(
            cpu: settings.containerCPU ?? sum.cpu + RoundRobinPacking.cpuPadding,
            ram: settings.containerRAM.map { min(ram, $0) } ?? ram,
            disk: settings.containerDisk ?? instance.disk * Int64(fullest) + RoundRobinPacking.diskPadding
        )
    }
}

/// How much of one resource the containers have, and who has claimed what of it.
private struct Budget<Amount: Comparable & SignedNumeric> {
    let kind: ResourceKind
    /// What each instance of a component asks for, by component.
    let claims: [String: Amount]
    /// What the topology requests for a container.
    let requested: Amount?
    /// What a container has if nothing was requested.
    let standard: Amount
    /// What of it is not for instances.
    let padding: Amount
    let text: (Amount) -> String

    /// What each instance of a container gets: its claim, or an equal share of what is left.
    func share(
        among instances: [PlacedInstance],
        container: Int,
        warn: (String) -> Void,
        divide: (Amount, Int) -> Amount
    ) throws -> [Amount] {
        let claimed: Amount = instances.reduce(0) { $0 + (claims[$1.component] ?? 0) }
        let left: Amount = try left(after: claimed, container: container, warn: warn)
        let unclaimed: Int = instances.count { claims[$0.component] == nil }
        let each: Amount = unclaimed > 0 ? divide(left, unclaimed) : 0
        guard unclaimed == 0 || each > 0 else {
            throw PackingError.nothingLeft(container: container, resource: kind, instances: unclaimed)
        }
        return instances.map { claims[$0.component] ?? each }
    }

    private func left(after claimed: Amount, container: Int, warn: (String) -> Void) throws -> Amount {
        guard let requested else { return standard - claimed - padding }
        if claimed <= requested - padding { return requested - claimed - padding }
        guard claimed <= requested else {
            throw PackingError.containerExceeded(
                container: container,
                resource: kind,
                needed: text(claimed),
                available: text(requested)
            )
        }
        warn(
            "container \(container) has \(text(requested)) of \(kind) (\(kind.containerKey)), of which its instances "
                + "claim \(text(claimed)): less than the usual \(text(padding)) is left for Heron's own processes"
        )
        return requested - claimed
    }
}
