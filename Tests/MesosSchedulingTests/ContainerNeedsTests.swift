import MesosFramework
import MesosProtocol
import Testing

@testable import MesosScheduling

/// What a packing plan asks for, in Mesos's amounts.
struct ContainerNeedsTests {
    private static let zero = ContainerNeed(
        container: 0,
        milliCPUs: 500,
        milliMemory: 256_000,
        milliDisk: 1000,
        portCount: 9
    )

    private static func plan(cpu: Double, ram: Int64, disk: Int64) -> PackingPlan {
        PackingPlan.with { plan in
            plan.id = "plan"
            plan.containerPlans = [
                ContainerPlan.with { container in
                    container.id = 7
                    container.requiredResource.cpu = cpu
                    container.requiredResource.ram = ram
                    container.requiredResource.disk = disk
                }
            ]
        }
    }

    @Test func containerZeroComesFirst() throws {
        let needs = ContainerNeeds.of(Self.plan(cpu: 2, ram: 1 << 30, disk: 2 << 30), containerZero: Self.zero)
        #expect(needs.map(\.container) == [0, 7])
        #expect(needs[0] == Self.zero)
        #expect((needs[1].milliCPUs, needs[1].milliMemory, needs[1].milliDisk) == (2000, 1_024_000, 2_048_000))
        #expect(needs[1].portCount == 9)
    }

    /// Never less than was asked for, and never nothing: Mesos takes no task without cpus.
    @Test(
        arguments: [
            (0, 0, 10, 0), (0.0001, 1, 10, 1), (1.0001, 1_048_576, 1001, 1000), (0.3, 3 << 19, 300, 1500),
            (1, 1_048_577, 1000, 1001),
        ] as [(Double, Int64, Int64, Int64)]
    )
    func partsAreRoundedUp(cpu: Double, bytes: Int64, milliCPUs: Int64, milliMegabytes: Int64) {
        let need = ContainerNeeds.of(Self.plan(cpu: cpu, ram: bytes, disk: bytes), containerZero: Self.zero)[1]
        #expect(need.milliCPUs == milliCPUs)
        #expect(need.milliMemory == milliMegabytes)
        #expect(need.milliDisk == milliMegabytes)
    }
}

/// Which package addresses are files of this machine.
struct LocalFileTests {
    @Test(
        arguments: [
            ("/a/core.tar.gz", "/a/core.tar.gz"), ("file:///a/core.tar.gz", "/a/core.tar.gz"),
            ("file://localhost/a/core.tar.gz", "/a/core.tar.gz"), ("file://elsewhere/a/core.tar.gz", nil),
            ("http://host/core.tar.gz", nil), ("hdfs://host/core.tar.gz", nil), ("core.tar.gz", nil), ("", nil),
        ] as [(String, String?)]
    )
    func filesAreTold(uri: String, path: String?) {
        #expect(MesosLauncher.localFile(uri) == path)
    }
}
