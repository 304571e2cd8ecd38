/// How much of each resource.
struct Amounts: Sendable, Hashable {
    /// In thousandths.
    var cpus: Int64 = 0
    var memory: Int64 = 0
    var disk: Int64 = 0
    /// Whole ones, in thousandths like the others.
    var ports: Int64 = 0

    init() {}

    init(cpus: Int64, memory: Int64, disk: Int64, ports: Int64) {
        (self.cpus, self.memory, self.disk, self.ports) = (cpus, memory, disk, ports)
    }

    init(_ need: ContainerNeed) {
        cpus = Amounts.bounded(need.milliCPUs)
        memory = Amounts.bounded(need.milliMemory)
        disk = Amounts.bounded(need.milliDisk)
        ports = min(max(Int64(need.portCount), 0), 1 << 20) * 1000
    }

    private static func bounded(_ amount: Int64) -> Int64 { min(max(amount, 0), Thousandths.limit) }

    /// Each with its name in Mesos.
    private var named: [(name: String, amount: Int64)] {
        [("cpus", cpus), ("mem", memory), ("disk", disk), ("ports", ports)]
    }

    func covers(_ other: Amounts) -> Bool {
        cpus >= other.cpus && memory >= other.memory && disk >= other.disk && ports >= other.ports
    }

    /// The first resource that there is too little of.
    func lack(of wanted: Amounts) -> Unused? {
        for (offered, wanted) in zip(named, wanted.named) where offered.amount < wanted.amount {
            return .lacks(
                resource: offered.name,
                wanted: Thousandths.text(wanted.amount),
                offered: Thousandths.text(offered.amount)
            )
        }
        return nil
    }

    /// The largest part of any resource that this is of `total`.
    func share(of total: Amounts) -> Double {
        zip(named, total.named).reduce(0) { share, pair in
            pair.0.amount == 0 ? share : max(share, Double(pair.0.amount) / Double(pair.1.amount))
        }
    }

    /// Whatever a master sends, no sum is above ``Thousandths/limit``.
    static func += (left: inout Amounts, right: Amounts) {
        left.cpus = min(left.cpus + right.cpus, Thousandths.limit)
        left.memory = min(left.memory + right.memory, Thousandths.limit)
        left.disk = min(left.disk + right.disk, Thousandths.limit)
        left.ports = min(left.ports + right.ports, Thousandths.limit)
    }

    static func -= (left: inout Amounts, right: Amounts) {
        left.cpus -= right.cpus
        left.memory -= right.memory
        left.disk -= right.disk
        left.ports -= right.ports
    }
}
