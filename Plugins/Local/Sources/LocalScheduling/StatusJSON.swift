import PluginKit

/// The scheduler's answer to `heron.status/1`.
public enum StatusJSON {
    /// `{"containers":[{"id":…,"state":…,"attempt":…,"pid":…,"host":…,"ports":[…],"reason":…},…]}`
    public static func text(_ reports: [ContainerReport]) -> String {
        "{\"containers\":[" + reports.map(object).joined(separator: ",") + "]}"
    }

    private static func object(_ report: ContainerReport) -> String {
        let ports = report.ports.map(String.init).joined(separator: ",")
        return "{\"id\":\(report.container),\"state\":\(quoted("\(report.state)")),\"attempt\":\(report.attempt)"
            + ",\"pid\":\(report.processID),\"host\":\(quoted(report.host)),\"ports\":[\(ports)]"
            + ",\"reason\":\(quoted(report.reason))}"
    }

    /// A JSON string (RFC 8259).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
