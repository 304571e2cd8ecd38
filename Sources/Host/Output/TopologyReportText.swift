import HeronState
import StateInspection

/// A topology as it is stored, for people.
struct TopologyReportText {
    private let report: TopologyReport
    private var lines: [String] = []

    init(_ report: TopologyReport) {
        self.report = report
        addSubmission()
        addPlans()
        addLocations()
        addOwn()
        for node in report.nodes where node.kind == NodeKind.other.name { add("other node", node.path) }
        for node in report.nodes {
            if let problem = node.problem { add("damaged", "\(node.path): \(problem)") }
        }
        for conflict in report.conflicts { add("conflict", conflict) }
        for table in [components, containers, streamManagers, processes] {
            if let table { lines += ["", table.text] }
        }
    }

    var text: String { lines.joined(separator: "\n") }

    /// One line; the value is cut and made safe for a terminal.
    private mutating func add(_ label: String, _ value: String) {
        let gap = String(repeating: " ", count: max(1, 15 - label.count))
        lines.append("\(label)\(gap)\(Console.safe(value.cut(to: 400)))")
    }

    /// One line on a node that there should be.
    private mutating func add(_ label: String, _ value: String?, of directory: StateDirectory) {
        add(label, value ?? absence("\(directory.rawValue)/\(report.topology)"))
    }

    private func absence(_ path: String) -> String {
        report.missing.contains(path) ? "missing" : "damaged"
    }

    private mutating func addSubmission() {
        let submission: TopologyReport.Submission? = report.submission
        let place: String? = submission.map { " (\($0.cluster)/\($0.role)/\($0.environ))" }
        add("topology", report.topology + (place ?? ""))
        if let id = submission?.id ?? report.definition?.id { add("id", id) }
        let release: String = submission.map { $0.release.isEmpty ? "" : ", Heron \($0.release)" } ?? ""
        add(
            "submitted",
            submission.map { "\(LocalTime.text($0.submitted)) by \($0.user)\(release)" },
            of: .executionstate
        )
    }

    private mutating func addPlans() {
        add(
            "definition",
            report.definition.map { definition in
                let spouts: Int = definition.components.count { $0.kind == "spout" }
                let bolts: Int = definition.components.count - spouts
                return "spouts: \(spouts), bolts: \(bolts), settings: \(definition.settings)"
            },
            of: .topologies
        )
        add(
            "packing plan",
            report.packingPlan.map { plan in
                let instances: Int = plan.containers.reduce(0) { $0 + $1.instances.values.reduce(0, +) }
                return "containers: \(plan.containers.count), instances: \(instances)"
            },
            of: .packingplans
        )
        add(
            "physical plan",
            report.physicalPlan.map { "\($0.state), stream managers: \($0.streamManagers.count)" },
            of: .pplans
        )
    }

    private mutating func addLocations() {
        add("scheduler", report.scheduler?.endpoint, of: .schedulers)
        for link in report.scheduler?.jobLinks ?? [] { add("link", link) }
        add("tmanager", report.tmanager.map(ports), of: .tmanagers)
        add("metrics cache", report.metricsCache.map(ports), of: .metricscaches)
        if let checkpoints = report.checkpoints {
            add("checkpoints", "\(checkpoints.count)" + checkpoints.map { " \($0)" }.joined())
        }
        for lock in report.locks { add("lock", lock) }
    }

    private func ports(_ location: TopologyReport.Location) -> String {
        let controller: String = location.controllerPort.map { ", controller port \($0)" } ?? ""
        return "\(location.host)\(controller), server port \(location.serverPort), stats port \(location.statsPort)"
    }

    private mutating func addOwn() {
        add("scheduled", report.isScheduled ? "yes" : "no")
        add("live scheduler", report.schedulerLives ? "yes" : "no")
        let own = "\(StatePath.ownDirectory)/\(report.topology)/"
        add("secret", report.hasSecret ? "(secret)" : absence(own + "secret"))
        guard let service = report.service else { return add("service", absence(own + "service")) }
        guard case .object(let members) = service else { return add("service", service.text) }
        var label = "service"
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            add(label, "\(name): \(value.text)")
            label = ""
        }
    }
}

extension TopologyReportText {
    private var components: TextTable? {
        guard let components = report.definition?.components, !components.isEmpty else { return nil }
        var table = TextTable("COMPONENT", "KIND", "PARALLELISM", "INPUTS")
        for component in components {
            let inputs: [String] = component.inputs.map { "\($0.component)/\($0.stream) \($0.grouping)" }
            table.add(
                component.name.cut(),
                component.kind,
                (component.parallelism ?? "").cut(),
                inputs.joined(separator: ", ").cut()
            )
        }
        return table
    }

    private var containers: TextTable? {
        guard let containers = report.packingPlan?.containers, !containers.isEmpty else { return nil }
        var table = TextTable("CONTAINER", "CORES", "RAM (MiB)", "DISK (MiB)", "INSTANCES")
        for container in containers {
            let instances: [String] = container.instances.sorted { $0.key < $1.key }.map { "\($1) \($0)" }
            let amounts: TopologyReport.Packing.Amounts = container.scheduled ?? container.required
            table.add(
                "\(container.id)",
                "\(amounts.cpu)",
                "\(amounts.ram >> 20)",
                "\(amounts.disk >> 20)",
                instances.joined(separator: ", ").cut()
            )
        }
        return table
    }

    private var streamManagers: TextTable? {
        guard let managers = report.physicalPlan?.streamManagers, !managers.isEmpty else { return nil }
        var table = TextTable("STREAM MANAGER", "HOST", "PORT", "PID", "INSTANCES")
        for manager in managers {
            table.add(
                manager.id.cut(),
                manager.host.cut(),
                "\(manager.port)",
                manager.pid.map(String.init) ?? "",
                "\(manager.instances)"
            )
        }
        return table
    }

    private var processes: TextTable? {
        guard !report.processes.isEmpty else { return nil }
        return .processes(report.processes)
    }
}
