import HeronModel

/// What ``ResourceCompliantRRPacking`` and ``FirstFitDecreasingPacking`` hold every container to.
struct ContainerLimits {
    private static let minimumInstanceRAM: Int64 = 192 << 20

    /// What a container has: what the topology requests, or enough for the most instances that it may have.
    let capacity: Resources
    /// What of it is not for instances: a fixed amount, or a percentage of the capacity if that is more.
    let padding: Resources

    private let settings: TopologySettings
    private let instance: Resources

    init(_ settings: TopologySettings, instance: Resources) {
        self.settings = settings
        self.instance = instance
        let most = settings.maxInstancesPerContainer
        capacity = Resources(
            cpu: settings.containerCPU ?? instance.cpu * Double(most),
            ram: settings.containerRAM ?? instance.ram * Int64(most),
            disk: settings.containerDisk ?? instance.disk * Int64(most)
        )
        let percentage = settings.paddingPercentage
        padding = Resources(
            cpu: max(settings.cpuPadding ?? 1, capacity.cpu * Double(percentage) / 100),
            ram: max(settings.ramPadding ?? 1 << 30, capacity.ram * Int64(percentage) / 100),
            disk: max(1 << 30, capacity.disk * Int64(percentage) / 100)
        )
    }

    /// What an instance of a component needs.
    func requirement(of component: String) -> Resources {
        Resources(
            cpu: settings.componentCPU[component] ?? instance.cpu,
            ram: settings.componentRAM[component] ?? instance.ram,
            disk: settings.componentDisk[component] ?? instance.disk
        )
    }

    /// Whether a container whose instances use `used` has room for `more`.
    func hasRoom(for more: Resources, besides used: Resources) -> Bool {
        (used + more + padding).firstExcess(over: capacity) == nil
    }

    /// Checks that every component's instances can run at all, each in a container of its own. Where this holds,
    /// enough containers always suffice.
    ///
    /// - Parameter minimumCPU: the least cores an instance may have.
    func checkInstances(minimumCPU: Double = 0) throws {
        for component in settings.components.map(\.component) {
            let needed: Resources = requirement(of: component)
            if needed.ram < ContainerLimits.minimumInstanceRAM {
                let minimum: String = bytesText(ContainerLimits.minimumInstanceRAM)
                throw tooSmall(component, .ram, needed, minimum: minimum)
            }
            if needed.cpu < minimumCPU {
                throw tooSmall(component, .cpu, needed, minimum: coresText(minimumCPU))
            }
            let alone: Resources = needed + padding
            if let kind = alone.firstExcess(over: capacity) {
                throw PackingError.instanceTooLarge(
                    component: component,
                    resource: kind,
                    needed: alone.text(kind),
                    available: capacity.text(kind)
                )
            }
        }
    }

    private func tooSmall(_ component: String, _ kind: ResourceKind, _ given: Resources, minimum: String)
        -> PackingError
    {
        .instanceTooSmall(component: component, resource: kind, given: given.text(kind), minimum: minimum)
    }
}

/// A container that is being filled under ``ContainerLimits``.
struct OpenContainer {
    private(set) var instances: [PlacedInstance] = []
    private(set) var used: Resources = .none

    mutating func add(_ instance: PlacedInstance) {
        instances.append(instance)
        used += instance.resources
    }
}

extension PackingPlan {
    /// The plan of filled containers; ids count from 1. Cores are rounded, as Heron does.
    init(id: String, containers: [OpenContainer], padding: Resources) {
        self.init(
            id: id,
            containers: containers.enumerated().map { offset, container in
                var required: Resources = container.used + padding
                required.cpu = roundedHalfUp(required.cpu)
                return PlannedContainer(id: offset + 1, instances: container.instances, required: required)
            }
        )
    }
}
