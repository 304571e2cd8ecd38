/// The topology settings that packing reads, by Heron's names.
enum TopologyKey {
    static let parallelism = "topology.component.parallelism"
    static let containers = "topology.stmgrs"
    static let reliabilityMode = "topology.reliability.mode"

    static let componentCPU = "topology.component.cpumap"
    static let componentRAM = "topology.component.rammap"
    static let componentDisk = "topology.component.diskmap"

    static let containerCPU = "topology.container.cpu"
    static let containerRAM = "topology.container.ram"
    static let containerDisk = "topology.container.disk"

    static let paddingPercentage = "topology.container.padding.percentage"
    static let cpuPadding = "topology.container.cpu.padding"
    static let ramPadding = "topology.container.ram.padding"
    static let maxInstances = "topology.container.max.instances"
    static let sortingStrategy = "topology.packing.ffd.sorting.strategy"

    static let streamManagerRAM = "topology.stmgr.ram"
    static let metricsManagerRAM = "topology.metricsmgr.ram"
    static let checkpointManagerRAM = "topology.stateful.checkpointmanager.ram"
}

/// What values a setting may have. The upper bounds are far above any machine and keep every sum within 64 bits.
enum SettingRange {
    /// Instances of a component, and of a topology.
    static let instances: ClosedRange<Int> = 1...100_000
    /// Containers; each packing algorithm has its own, narrower idea.
    static let containers: ClosedRange<Int> = 1...Int(Int32.max)
    /// Bytes: up to 16 TiB.
    static let bytes: ClosedRange<Int64> = 0...(16 << 40)
    /// Cores.
    static let cores: ClosedRange<Double> = 0...1_000_000
    /// Percent of a container's capacity.
    static let percentage: ClosedRange<Int> = 0...1_000
}
