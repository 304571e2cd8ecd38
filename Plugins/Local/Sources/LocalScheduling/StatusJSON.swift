import PluginKit
import PluginSupport

/// The scheduler's answer to `heron.status/1`.
public enum StatusJSON {
    /// `{"containers":[{"id":…,"state":…,"attempt":…,"pid":…,"host":…,"ports":[…],"reason":…},…]}`
    public static func text(_ reports: [ContainerReport]) -> String {
        "{\"containers\":[" + reports.map(object).joined(separator: ",") + "]}"
    }

    private static func object(_ report: ContainerReport) -> String {
        let ports = report.ports.map(String.init).joined(separator: ",")
        return "{\"id\":\(report.container),\"state\":\(jsonString("\(report.state)")),\"attempt\":\(report.attempt)"
            + ",\"pid\":\(report.processID),\"host\":\(jsonString(report.host)),\"ports\":[\(ports)]"
            + ",\"reason\":\(jsonString(report.reason))}"
    }
}
