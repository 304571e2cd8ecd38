import PluginABI
import PluginKit
import PluginSupport

/// The local plugin's operations.
public enum LocalOperations {
    public static let all: [Operation] = [
        Operation(
            "ports",
            "Lists the ports that the topology's containers hold.",
            on: .topology,
            "()->json",
            function: { _, _, scheduler, result in
                Operation.perform(beside: scheduler, as: LocalScheduler.self, result) { PortsJSON.text($0.reports) }
            }
                as @convention(c) (
                    UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
                    heron_sink
                ) -> heron_status
        )
    ]
}

/// `[{"container":…,"name":"server","port":…,"state":…},…]`
enum PortsJSON {
    /// The ports of a container in their order (`heron/containers.h`).
    static let names = [
        "server", "tmanager-ctl", "tmanager-stats", "shell-port", "metrics-mgr", "scheduler", "metrics-cache-m",
        "metrics-cache-s", "ckptmgr",
    ]

    static func text(_ reports: [ContainerReport]) -> String {
        let rows = reports.flatMap { report in
            zip(names, report.ports).map { name, port in
                "{\"container\":\(report.container),\"name\":\(jsonString(name)),\"port\":\(port)"
                    + ",\"state\":\(jsonString("\(report.state)"))}"
            }
        }
        return "[" + rows.joined(separator: ",") + "]"
    }
}
