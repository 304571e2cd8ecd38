import Synchronization

/// The counters and gauges of a scheduler, in Prometheus's text format. Safe from any thread.
public final class SchedulerMetrics: Sendable {
    private struct Values {
        var counters: [String: UInt64] = [:]
        var gauges: [String: Double] = [:]
    }

    private let values = Mutex(Values())

    /// More names than this are refused: a plugin that makes names up must not fill the memory.
    private static let maximumNames = 1000

    public init() {}

    public func add(_ amount: UInt64, to name: String) {
        values.withLock { values in
            guard values.counters[name] != nil || values.counters.count < SchedulerMetrics.maximumNames else { return }
            values.counters[name, default: 0] &+= amount
        }
    }

    public func set(_ name: String, _ value: Double) {
        values.withLock { values in
            guard values.gauges[name] != nil || values.gauges.count < SchedulerMetrics.maximumNames else { return }
            values.gauges[name] = value
        }
    }

    /// All values in the text exposition format, with the topology as a label.
    public func prometheusText(topology: String) -> String {
        let label: String = "{topology=\"\(SchedulerMetrics.escaped(topology))\"}"
        let (counters, gauges) = values.withLock { ($0.counters, $0.gauges) }
        var lines: [String] = []
        for (name, value) in counters.sorted(by: { $0.key < $1.key }) {
            let metric: String = SchedulerMetrics.metricName(name) + "_total"
            lines += ["# TYPE \(metric) counter", "\(metric)\(label) \(value)"]
        }
        for (name, value) in gauges.sorted(by: { $0.key < $1.key }) {
            let metric: String = SchedulerMetrics.metricName(name)
            lines += ["# TYPE \(metric) gauge", "\(metric)\(label) \(value)"]
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func metricName(_ name: String) -> String {
        let allowed: String = String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    ? Character(scalar) : "_"
            }
        )
        return "heron_scheduler_" + allowed
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
