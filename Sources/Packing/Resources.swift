import HeronModel

/// A kind of resource that is packed.
public enum ResourceKind: String, Hashable, Sendable, CustomStringConvertible {
    case cpu = "CPU"
    case ram = "RAM"
    case disk = "disk"

    public var description: String { rawValue }

    /// The topology setting that says how much of it a container may have.
    var containerKey: String {
        switch self {
        case .cpu: TopologyKey.containerCPU
        case .ram: TopologyKey.containerRAM
        case .disk: TopologyKey.containerDisk
        }
    }

    /// The topology setting that says how much of it each instance of a component needs.
    var componentMapKey: String {
        switch self {
        case .cpu: TopologyKey.componentCPU
        case .ram: TopologyKey.componentRAM
        case .disk: TopologyKey.componentDisk
        }
    }
}

/// An amount of each resource. Sums do not overflow: ``SettingRange`` bounds each amount, and the number of instances
/// that are ever added up.
struct Resources: Hashable, Sendable {
    /// Cores.
    var cpu: Double
    /// Bytes.
    var ram: Int64
    /// Bytes.
    var disk: Int64

    static let none: Resources = Resources(cpu: 0, ram: 0, disk: 0)

    static func + (left: Resources, right: Resources) -> Resources {
        Resources(cpu: left.cpu + right.cpu, ram: left.ram + right.ram, disk: left.disk + right.disk)
    }

    static func += (left: inout Resources, right: Resources) {
        left = left + right
    }

    /// The first kind of which there is more here than in `capacity`, if any.
    func firstExcess(over capacity: Resources) -> ResourceKind? {
        if ram > capacity.ram { return .ram }
        if cpu > capacity.cpu { return .cpu }
        if disk > capacity.disk { return .disk }
        return nil
    }

    /// An amount for an error message.
    func text(_ kind: ResourceKind) -> String {
        switch kind {
        case .cpu: coresText(cpu)
        case .ram: bytesText(ram)
        case .disk: bytesText(disk)
        }
    }

    var message: Resource {
        Resource.with {
            $0.cpu = cpu
            $0.ram = ram
            $0.disk = disk
        }
    }
}

/// `1.5 cores`
func coresText(_ cores: Double) -> String {
    "\(cores) cores"
}

/// `512 MiB`, or `1000 bytes` where the amount is no whole number of MiB.
func bytesText(_ bytes: Int64) -> String {
    bytes.isMultiple(of: 1 << 20) ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
}

/// To the nearest whole number, halves up: Java's `Math.round`, which Heron rounds with.
func roundedHalfUp(_ value: Double) -> Double {
    (value + 0.5).rounded(.down)
}
