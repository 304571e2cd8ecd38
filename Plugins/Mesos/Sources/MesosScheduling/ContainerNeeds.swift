import MesosFramework
import MesosProtocol
import PluginKit

/// What the containers of a packing plan need, container 0 included.
enum ContainerNeeds {
    static func of(_ plan: PackingPlan, containerZero: ContainerNeed) -> [ContainerNeed] {
        [containerZero] + plan.containerPlans.map(need)
    }

    private static func need(_ container: ContainerPlan) -> ContainerNeed {
        let wanted = container.requiredResource
        return ContainerNeed(
            container: container.id,
            milliCPUs: max(Int64((wanted.cpu * 1000).rounded(.up)), 10),
            milliMemory: milliMegabytes(wanted.ram),
            milliDisk: milliMegabytes(wanted.disk),
            portCount: Host.portCount
        )
    }

    /// Bytes as Mesos counts them: thousandths of a megabyte, rounded up.
    private static func milliMegabytes(_ bytes: Int64) -> Int64 {
        let (megabytes, rest) = bytes.quotientAndRemainder(dividingBy: 1 << 20)
        return megabytes * 1000 + (rest * 1000 + (1 << 20) - 1) / (1 << 20)
    }
}
