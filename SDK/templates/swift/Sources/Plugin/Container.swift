import PluginKit

/// One container: it is started, runs, ends, and is started again after a pause.
struct Container: Sendable {
    /// The pause before a container that ended is started again; doubled after each further failure.
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(60)
    /// A run of this length makes earlier failures forgotten.
    private static let stableRun = Duration.seconds(60)

    let id: Int32
    private(set) var report: ContainerReport
    private(set) var executor: Processes.Found?
    /// When it is started again, if it backs off.
    private(set) var due = ContinuousClock.now
    private var since = ContinuousClock.now
    private var failures = 0
    /// Whether something of it survives SIGKILL.
    private var hasSurvivors = false
    /// As long as the executor runs.
    private var ports: Ports?

    init(id: Int32) {
        self.id = id
        report = ContainerReport(container: id, state: .pending, attempt: 0)
    }

    /// Sets the container's state, and tells the host.
    mutating func tell(_ host: Host, _ state: ContainerReport.State, _ reason: String) {
        let isRunning = state == .running
        report.state = state
        report.reason = reason
        report.processID = isRunning ? executor?.pid ?? 0 : 0
        report.ports = isRunning ? ports?.numbers ?? [] : []
        report.host = isRunning ? "localhost" : ""
        try? host.report(report)
    }

    /// Starts its executor; if that fails, it backs off.
    mutating func start(_ host: Host, _ processes: Processes) throws {
        do {
            // Never two of a container at once.
            if hasSurvivors { try processes.end(patience: .zero) { $0 == id } }
            hasSurvivors = false
            let ports = try Ports.reserve()
            let arguments = try host.executorCommand(container: id, ports: ports.numbers)
            let label = Label(container: id, attempt: report.attempt + 1, ports: ports.numbers)
            executor = try processes.start(label, arguments)
            self.ports = ports
            report.attempt += 1
            since = .now
            tell(host, .running, "")
        } catch {
            backOff(host, "its executor cannot be started; see the scheduler's log")
            throw error
        }
    }

    /// Takes over an executor that another scheduler has started.
    mutating func adopt(_ host: Host, _ label: Label, _ found: Processes.Found) {
        executor = found
        ports = Ports.retake(label.ports)
        report.attempt = label.attempt
        since = .now
        tell(host, .running, "taken over")
    }

    /// Lets go of an executor that has ended; says how.
    @discardableResult
    mutating func settle(hasSurvivors: Bool) -> String {
        self.hasSurvivors = hasSurvivors
        let how = executor?.reap() ?? ""
        executor = nil
        ports = nil
        return how
    }

    /// What comes when an executor ends by itself: a pause, and then another start.
    mutating func ended(_ host: Host, _ processes: Processes) {
        // The executor may have left something behind.
        let isClean = (try? processes.end(patience: .zero) { $0 == id }) != nil
        let how = settle(hasSurvivors: !isClean)
        if since.duration(to: .now) >= Container.stableRun { failures = 0 }
        backOff(host, how)
    }

    mutating func forgetFailures() {
        failures = 0
    }

    private mutating func backOff(_ host: Host, _ reason: String) {
        due = .now + min(Container.firstPause * (1 << min(failures, 7)), Container.longestPause)
        failures += 1
        tell(host, .backingOff, reason)
    }
}
