import HeronModel

/// What the cluster's configuration contributes to packing: the resources of an instance that asks for none.
public struct PackingSettings: Sendable {
    let instance: Resources

    /// Heron's own defaults: one core, 1 GiB of RAM, 1 GiB of disk.
    public static let standard: PackingSettings = PackingSettings(Resources(cpu: 1, ram: 1 << 30, disk: 1 << 30))

    /// - Parameters:
    ///   - instanceCPU: cores (`heron.resources.instance.cpu`).
    ///   - instanceRAM: bytes (`heron.resources.instance.ram`).
    ///   - instanceDisk: bytes (`heron.resources.instance.disk`).
    ///
    /// Throws ``PackingError`` for a value that is out of range.
    public init(instanceCPU: Double, instanceRAM: Int64, instanceDisk: Int64) throws {
        func check<Value>(_ key: String, _ value: Value, in range: ClosedRange<Value>) throws {
            guard range.contains(value) else {
                let expected: String = "a number from \(range.lowerBound) to \(range.upperBound)"
                throw PackingError.invalidSetting(owner: "cluster", key: key, value: "\(value)", expected: expected)
            }
        }
        try check("heron.resources.instance.cpu", instanceCPU, in: SettingRange.cores)
        try check("heron.resources.instance.ram", instanceRAM, in: SettingRange.bytes)
        try check("heron.resources.instance.disk", instanceDisk, in: SettingRange.bytes)
        instance = Resources(cpu: instanceCPU, ram: instanceRAM, disk: instanceDisk)
    }

    private init(_ instance: Resources) {
        self.instance = instance
    }
}

/// Decides which instances run in which container, and with what resources.
///
/// Algorithms are values without side effects, and agree with Heron's of the same name to the last byte and task id.
/// The plan lists containers by id and instances by task id.
public protocol PackingAlgorithm: Sendable {
    /// Heron's class name, as in `heron.class.packing.algorithm`.
    static var className: String { get }

    /// Throws ``PackingError`` if the topology's settings are malformed.
    init(topology: Topology, settings: PackingSettings) throws

    /// Packs the topology. Throws ``PackingError`` if it cannot be packed.
    ///
    /// - Parameter warn: takes a line about anything that is odd but can be packed.
    func pack(warn: (String) -> Void) throws -> PackingPlan
}

/// The packing algorithms there are.
public enum PackingAlgorithms {
    private static let all: [any PackingAlgorithm.Type] = [
        RoundRobinPacking.self, ResourceCompliantRRPacking.self, FirstFitDecreasingPacking.self,
    ]

    /// The class names of all algorithms.
    public static var classNames: [String] { all.map { $0.className } }

    /// The algorithm with a class name; Heron's older `com.twitter.heron` names mean the same.
    ///
    /// Throws ``PackingError/unknownAlgorithm(_:)`` if there is none.
    public static func named(_ className: String) throws -> any PackingAlgorithm.Type {
        let older = "com.twitter.heron."
        let name: String =
            className.hasPrefix(older) ? "org.apache.heron." + className.dropFirst(older.count) : className
        guard let algorithm = all.first(where: { $0.className == name }) else {
            throw PackingError.unknownAlgorithm(className)
        }
        return algorithm
    }
}
