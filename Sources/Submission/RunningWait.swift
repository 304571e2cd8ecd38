import HeronModel
import HeronState
import SchedulerCore
import TopologyControl

/// Waits until a launched topology runs, and tells how far it is.
struct RunningWait {
    private let submission: Submission
    private let services: LaunchServices
    private let state: any StateManager
    private let begin: ContinuousClock.Instant

    /// How often the scheduler is asked for its containers.
    private static let statusInterval = Duration.milliseconds(250)

    init(
        _ submission: Submission,
        services: LaunchServices,
        state: any StateManager,
        begin: ContinuousClock.Instant
    ) {
        self.submission = submission
        self.services = services
        self.state = state
        self.begin = begin
    }

    /// Returns when the topology runs or the time is over; with a service in the foreground, when that has ended.
    func run() async throws -> SubmitOutcome {
        let isInForeground: Bool = try !submission.config.bool(.schedulerInBackground)
        var outcome: SubmitOutcome = .launched
        if let limit: Duration = submission.submitter.request.runningLimit {
            do {
                outcome = try await waitUntilRunning(limit)
            } catch is CancellationError {
                submission.submitter.progress(.warning("the topology was submitted and goes on; see: heron status"))
                if isInForeground { await services.service?.stop() }
                throw CancellationError()
            }
        }
        if isInForeground { try await services.service?.waitForEnd() }
        return outcome
    }

    private func waitUntilRunning(_ limit: Duration) async throws -> SubmitOutcome {
        let isRunning: Bool = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await physicalPlanStands() }
            group.addTask { try await topologyIsGone() }
            group.addTask {
                try await reportContainers()
                return false
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        guard isRunning else { return .pending(await reason(limit)) }
        submission.submitter.progress(.running(seconds: (ContinuousClock.now - begin) / .seconds(1)))
        return .launched
    }

    /// The topology's manager writes the plan when every instance has registered.
    private func physicalPlanStands() async throws -> Bool {
        let path = try StatePath(.pplans, submission.topology.name)
        for try await node in state.watch(path) where node != nil { return true }
        throw CancellationError()
    }

    /// Somebody may kill the topology before it runs; another one may have its name by the time that is noticed.
    private func topologyIsGone() async throws -> Bool {
        let name: String = submission.topology.name
        let path = try StatePath(.topologies, name)
        for try await topology in state.watch(path, as: Topology.self) where topology?.id != submission.topology.id {
            throw SubmissionError("Topology '\(name)' was killed before it ran")
        }
        throw CancellationError()
    }

    /// Tells the number of running containers whenever it changes; returns only when cancelled.
    private func reportContainers() async throws {
        let total: Int = submission.plan.containerPlans.count + 1
        var last = -1
        while true {
            try await Task.sleep(for: RunningWait.statusInterval)
            guard let status: SchedulerStatus = await status() else { continue }
            let running: Int = status.containers.count { $0.state == "running" }
            if running != last { submission.submitter.progress(.containers(running: running, of: total)) }
            last = running
        }
    }

    private func status() async -> SchedulerStatus? {
        try? await SchedulerClient.connect(to: submission.topology.name, state)?.status()
    }

    private func reason(_ limit: Duration) async -> String {
        let waited = "not running after \(limit.components.seconds) s"
        guard let status: SchedulerStatus = await status() else {
            return "\(waited), and its scheduler does not answer"
        }
        let troubles: [String] = status.containers.filter { $0.state != "running" }.map { container in
            "container \(container.id) is \(container.state)" + (container.reason.map { " (\($0))" } ?? "")
        }
        guard !troubles.isEmpty else { return "\(waited): its containers run, but not every instance has registered" }
        return "\(waited): \(troubles.joined(separator: ", "))"
    }
}
