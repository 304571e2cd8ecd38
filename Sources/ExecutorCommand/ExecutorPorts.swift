/// The ports that every container needs; the raw values are Heron's symbolic names, in the executor's order.
public enum PortName: String, Sendable, Hashable, CaseIterable {
    /// The tmanager's in container 0; the stream manager's for other stream managers elsewhere.
    case server
    /// The tmanager's HTTP controller in container 0; the stream manager's for its instances elsewhere.
    case tmanagerController = "tmanager-ctl"
    case tmanagerStats = "tmanager-stats"
    case shell = "shell-port"
    case metricsManager = "metrics-mgr"
    case scheduler
    case metricsCacheServer = "metrics-cache-m"
    case metricsCacheStats = "metrics-cache-s"
    case checkpointManager = "ckptmgr"

    /// The executor's option that takes the port.
    var option: String {
        switch self {
        case .server: "--server-port"
        case .tmanagerController: "--tmanager-controller-port"
        case .tmanagerStats: "--tmanager-stats-port"
        case .shell: "--shell-port"
        case .metricsManager: "--metrics-manager-port"
        case .scheduler: "--scheduler-port"
        case .metricsCacheServer: "--metricscache-manager-server-port"
        case .metricsCacheStats: "--metricscache-manager-stats-port"
        case .checkpointManager: "--checkpoint-manager-port"
        }
    }
}

/// The ports of one container.
public struct ExecutorPorts: Sendable {
    /// How many ports every container needs.
    public static let required: Int = PortName.allCases.count

    /// Each port with its name, in the executor's order.
    public let named: [(name: PortName, number: Int)]
    /// One port for each instance whose JVM waits for a debugger; usually none.
    public let debugger: [Int]

    /// Ports in the order of ``PortName``. Throws ``ExecutorCommandError`` unless there are nine, each from 1 to 65535
    /// and none twice.
    public init(_ numbers: [Int], debugger: [Int] = []) throws {
        guard numbers.count == ExecutorPorts.required else {
            throw ExecutorCommandError("an executor needs \(ExecutorPorts.required) ports, got \(numbers.count)")
        }
        var seen: Set<Int> = []
        for port in numbers + debugger {
            guard (1...65_535).contains(port) else { throw ExecutorCommandError("\(port) is not a port number") }
            guard seen.insert(port).inserted else { throw ExecutorCommandError("port \(port) is given twice") }
        }
        named = Array(zip(PortName.allCases, numbers)).map { (name: $0, number: $1) }
        self.debugger = debugger
    }
}

extension ExecutorPorts {
    /// The options of the executor, which come last.
    var arguments: [String] {
        let debugger: String = debugger.map(String.init).joined(separator: ",")
        return named.map { "\($0.name.option)=\($0.number)" }
            + (debugger.isEmpty ? [] : ["--jvm-remote-debugger-ports=\(debugger)"])
    }
}
