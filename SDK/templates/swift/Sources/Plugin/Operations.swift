import PluginABI
import PluginKit

/// Commands of the plugin's own: `heron plugin call @NAME@`.
enum Operations {
    static let all: [Operation] = [
        Operation(
            "containers",
            "Lists the topology's containers.",
            on: .topology,
            "()->json",
            function: { _, _, scheduler, result in
                Operation.perform(beside: scheduler, as: Scheduler.self, result) { scheduler in
                    "[" + scheduler.reports.map(Operations.json).joined(separator: ",") + "]"
                }
            }
                as @convention(c) (
                    UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
                    heron_sink
                ) -> heron_status
        ),
        Operation(
            "hello",
            "Greets somebody.",
            on: .cluster,
            "(string)->string",
            [.init("name", "Whom to greet.", default: "world")],
            function: { _, host, _, name, result in
                Operation.perform(host, result) { _ in "hello, \(text(name)), from @NAME@" }
            }
                as @convention(c) (
                    UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
                    heron_string, heron_sink
                ) -> heron_status
        ),
    ]

    /// No text in it has to be escaped.
    private static func json(_ report: ContainerReport) -> String {
        "{\"container\":\(report.container),\"state\":\"\(report.state)\",\"attempt\":\(report.attempt)"
            + ",\"pid\":\(report.processID),\"reason\":\"\(report.reason)\"}"
    }

    private static func text(_ string: heron_string) -> String {
        String(decoding: UnsafeRawBufferPointer(start: string.data, count: string.length), as: UTF8.self)
    }
}
