import MesosProtocol

@testable import MesosFramework

extension MesosResource {
    static func scalar(_ name: String, _ value: Double, reservedFor roles: String...) -> MesosResource {
        .with {
            $0.name = name
            $0.type = .scalar
            $0.scalar.value = value
            $0.reserve(for: roles)
        }
    }

    static func ports(_ ranges: [(UInt64, UInt64)], reservedFor roles: String...) -> MesosResource {
        .with {
            $0.name = "ports"
            $0.type = .ranges
            $0.ranges.range = ranges.map { begin, end in
                .with {
                    $0.begin = begin
                    $0.end = end
                }
            }
            $0.reserve(for: roles)
        }
    }

    private mutating func reserve(for roles: [String]) {
        reservations = roles.map { role in
            .with {
                $0.type = .dynamic
                $0.role = role
                $0.principal = "p"
            }
        }
    }
}

extension MesosOffer {
    static func of(_ id: String, agent: String, role: String = "*", _ resources: [MesosResource]) -> MesosOffer {
        .with {
            $0.id.value = id
            $0.frameworkID.value = "f"
            $0.agentID.value = agent
            $0.hostname = "\(agent).example.org"
            $0.allocationInfo.role = role
            $0.resources = resources
            for index in resources.indices { $0.resources[index].allocationInfo.role = role }
        }
    }

    /// Enough of everything but cpus.
    static func of(_ id: String, agent: String, cpus: Double) -> MesosOffer {
        of(
            id,
            agent: agent,
            [
                .scalar("cpus", cpus), .scalar("mem", 10000), .scalar("disk", 10000), .ports([(31000, 31999)]),
            ]
        )
    }
}

extension ContainerNeed {
    static func of(
        _ container: Int32,
        cpus: Double = 0,
        memory: Double = 0,
        disk: Double = 0,
        ports: Int = 0
    ) -> ContainerNeed {
        ContainerNeed(
            container: container,
            milliCPUs: Thousandths.round(cpus),
            milliMemory: Thousandths.round(memory),
            milliDisk: Thousandths.round(disk),
            portCount: ports
        )
    }
}

extension OfferMatcher {
    /// With defaults for what few tests are about.
    func match(
        _ needs: [ContainerNeed],
        _ offers: [MesosOffer],
        running: [String: Int] = [:],
        maintenanceBefore: Moment = 0,
        avoided: (Int32, String) -> Bool = { _, _ in false }
    ) -> Match {
        match(
            needs: needs,
            offers: offers,
            running: running,
            avoided: avoided,
            maintenanceBefore: maintenanceBefore
        )
    }
}

extension Match {
    /// The agent of each placed container.
    var places: [Int32: String] {
        let placements = launches.flatMap(\.placements)
        return Dictionary(placements.map { ($0.container, $0.agent.value) }) { first, _ in first }
    }

    func placement(of container: Int32) -> Placement? {
        launches.flatMap(\.placements).first { $0.container == container }
    }
}
