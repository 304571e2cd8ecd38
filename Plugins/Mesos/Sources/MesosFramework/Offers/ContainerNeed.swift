/// What one container needs from an agent.
public struct ContainerNeed: Sendable, Hashable {
    public var container: Int32
    /// In thousandths of a cpu.
    public var milliCPUs: Int64
    /// In thousandths of a megabyte.
    public var milliMemory: Int64
    /// In thousandths of a megabyte.
    public var milliDisk: Int64
    public var portCount: Int
    /// Ports above this one are taken first.
    public var portsAfter: UInt16 = 0

    public init(container: Int32, milliCPUs: Int64, milliMemory: Int64, milliDisk: Int64, portCount: Int) {
        self.container = container
        self.milliCPUs = milliCPUs
        self.milliMemory = milliMemory
        self.milliDisk = milliDisk
        self.portCount = portCount
    }
}
