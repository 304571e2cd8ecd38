import ExecutorCommand
import HeronConfig
import HeronState
import Logging
import PluginHost

/// What the host offers to a scheduler plugin.
final class SchedulerServices: ConfiguredServices, SchedulerHostServices {
    let board = ContainerBoard()
    let metrics = SchedulerMetrics()
    private let context: SchedulingContext
    /// Nil where no service could serve files.
    private let packages: PackageStore?
    private let shutdown: @Sendable (_ failed: Bool, _ reason: String) -> Void

    init(
        _ context: SchedulingContext,
        packages: PackageStore?,
        shutdown: @escaping @Sendable (Bool, String) -> Void
    ) {
        self.context = context
        self.packages = packages
        self.shutdown = shutdown
    }

    var config: Config { context.config }
    var logger: Logger { context.log }
    var facts: RuntimeFacts { context.facts }
    var state: (any StateManager)? { context.state }

    func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String] {
        try context.executorCommand(container: container, ports: ports)
    }

    func containerChanged(_ status: ContainerStatus) async {
        let process: String = status.processID == 0 ? "" : ", pid \(status.processID)"
        let reason: String = status.reason.isEmpty ? "" : ": \(status.reason)"
        context.log.log(
            level: status.state == .backingOff ? .warning : .info,
            "container \(status.container) \(status.state.name), attempt \(status.attempt)\(process)\(reason)"
        )
        board.note(status)
    }

    func publish(file: String, once: Bool) throws -> String {
        guard let packages else {
            throw PublishingError(
                .unsupported,
                "cannot serve '\(file)' to other machines: this scheduler has no service of its own",
                hint: "set heron.scheduler.is.service to true"
            )
        }
        return once ? try packages.publishOnce(file) : try packages.publish(file)
    }

    func expandTokens(_ text: String) throws -> String { try context.expanding(text) }

    func addToCounter(_ name: String, _ amount: UInt64) {
        metrics.add(amount, to: name)
    }

    func setGauge(_ name: String, _ value: Double) {
        metrics.set(name, value)
    }

    func requestShutdown(failed: Bool, reason: String) {
        context.log.log(level: failed ? .error : .info, "the scheduler asks for its end: \(reason)")
        shutdown(failed, reason)
    }
}
