import MesosFramework
import PluginKit

/// What the host is told about containers.
enum ContainerReports {
    static func report(_ snapshot: ContainerSnapshot, _ framework: Framework, _ tail: SandboxTails.Tail?)
        -> ContainerReport
    {
        let task = snapshot.task
        return ContainerReport(
            container: snapshot.container,
            state: state(snapshot.state),
            attempt: snapshot.attempt,
            host: task?.hostname ?? "",
            ports: task.map(\.ports).flatMap { $0.count == Host.portCount ? $0 : nil } ?? [],
            reason: snapshot.reason,
            details: details(snapshot, framework) + (tail.map(lines) ?? [])
        )
    }

    private static func state(_ state: ContainerSnapshot.State) -> ContainerReport.State {
        switch state {
        case .pending: .pending
        case .running: .running
        case .backingOff: .backingOff
        case .stopping: .stopping
        case .stopped: .stopped
        }
    }

    /// What the last task wrote before it ended.
    private static func lines(_ tail: SandboxTails.Tail) -> [ContainerDetail] {
        tail.lines.map { ContainerDetail(name: tail.file, value: $0) }
    }

    private static func details(_ snapshot: ContainerSnapshot, _ framework: Framework) -> [ContainerDetail] {
        var details: [ContainerDetail] = []
        if let task = snapshot.task {
            details.append(ContainerDetail(name: "task", value: task.id))
            details.append(ContainerDetail(name: "task state", value: task.stateName))
            details.append(ContainerDetail(name: "agent", value: task.agent))
        }
        for (name, task) in [("sandbox", snapshot.task), ("last sandbox", snapshot.last)] {
            guard let task, let link = MesosLinks.sandbox(of: task, framework) else { continue }
            details.append(ContainerDetail(name: name, value: link))
        }
        if !snapshot.strays.isEmpty {
            details.append(
                ContainerDetail(name: "older tasks", value: snapshot.strays.map(\.id).joined(separator: ", "))
            )
        }
        for entry in snapshot.refusals.suffix(8) {
            details.append(ContainerDetail(name: "offer of \(entry.agent)", value: "\(entry.reason)"))
        }
        return details
    }
}
