import ArgumentParser
import HeronJSON
import HeronState
import SchedulerCore
import TopologyControl

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows a topology: its state, scheduler, containers and processes.",
        discussion: """
            Examples:
              heron status local WordCount
              heron status mesos/ads/prod Clicks --output json
            """
    )

    @OptionGroup var target: TopologyTarget
    @Option(help: "How to print it.") var output: OutputFormat = .text

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, _ in
            let status: TopologyStatus = try await TopologyStatus.of(topology)
            if output == .json { return try JSONOutput.write(status) }
            printText(status)
        }
    }

    private func printText(_ status: TopologyStatus) {
        let summary: TopologySummary = status.summary
        let place: [String] = [
            target.cluster.split(separator: "/").first.map(String.init), summary.role, summary.environ,
        ]
        .compactMap { $0 }
        print("topology   \(summary.name) (\(place.joined(separator: "/")))")
        print("id         \(summary.id)")
        print("state      \(summary.state)")
        print("submitted  \(summary.submitted.map(LocalTime.text) ?? "-") by \(summary.user ?? "-")")
        print("scheduler  \(status.scheduler)")
        for line in schedulerLines(status.schedulerStatus) { print("           \(Console.safe(line))") }
        print("tmanager   \(status.tmanager ?? "-")")
        for link in status.jobLinks { print("link       \(Console.safe(link))") }
        if !status.containers.isEmpty { print("\n" + containerTable(status.containers)) }
        let details: TextTable? = .details(status.containers)
        if let details { print("\n" + details.text) }
        if !status.processes.isEmpty { print("\n" + TextTable.processes(status.processes).text) }
    }

    /// The single values of what the scheduler's plugin tells; the rest is for `--output json`.
    private func schedulerLines(_ status: JSONValue?) -> [String] {
        guard case .object(let members) = status else { return [] }
        return members.sorted { $0.key < $1.key }.compactMap { name, value in
            switch value {
            case .string, .int, .double, .bool: "\(name): \(value.text)"
            case .null, .array, .object: nil
            }
        }
    }

    private func containerTable(_ containers: [SchedulerStatus.Container]) -> String {
        var table = TextTable("CONTAINER", "STATE", "ATTEMPT", "HOST", "PID", "SHELL", "REASON")
        for container in containers {
            table.add(
                "\(container.id)",
                container.state,
                "\(container.attempt)",
                container.host ?? "",
                container.pid.map(String.init) ?? "",
                container.ports?["shell-port"].map(String.init) ?? "",
                container.reason ?? ""
            )
        }
        return table.text
    }
}

extension TextTable {
    /// What a scheduler tells of its containers beyond what every scheduler knows; nil if nothing.
    fileprivate static func details(_ containers: [SchedulerStatus.Container]) -> TextTable? {
        var table = TextTable("CONTAINER", "DETAIL", "VALUE")
        for container in containers {
            for detail in container.details ?? [] { table.add("\(container.id)", detail.name, detail.value) }
        }
        return containers.contains { $0.details != nil } ? table : nil
    }

    /// What executors say of the processes of their containers.
    static func processes(_ processes: [ProcessStatus]) -> TextTable {
        var table = TextTable("CONTAINER", "PROCESS", "STATE", "PID", "STARTS", "LAST EXIT")
        for process in processes {
            table.add(
                "\(process.container)",
                process.name,
                process.state.rawValue,
                process.pid.map(String.init) ?? "",
                "\(process.starts)",
                process.lastExit ?? ""
            )
        }
        return table
    }
}
