import MesosProtocol

/// Why a task's command was not started, in Mesos's words.
struct LaunchFailure: Error, Sendable {
    let state: MesosTaskState
    let reason: MesosTaskStatus.Reason
    let message: String

    /// There is no folder to run in that belongs to the task's user.
    static func noSandbox(_ run: TaskRun, _ reason: String) -> LaunchFailure {
        LaunchFailure(
            state: run.isFor(.partitionAware) ? .taskDropped : .taskLost,
            reason: .executorTerminated,
            message: "Failed to create executor directory '\(run.sandbox.path)': \(reason)"
        )
    }

    /// What the command needs could not be fetched; more stands in the sandbox's `stderr`.
    static func notFetched(_ run: TaskRun) -> LaunchFailure {
        noContainer("Failed to fetch all URIs for container '\(run.sandbox.containerID)': exited with status 1")
    }

    /// The machine does not let the command start.
    static func noContainer(_ reason: String) -> LaunchFailure {
        LaunchFailure(
            state: .taskFailed,
            reason: .containerLaunchFailed,
            message: "Failed to launch container: \(reason)"
        )
    }

    static let killed = LaunchFailure(
        state: .taskKilled,
        reason: .taskKilledDuringLaunch,
        message: "Killed before delivery to the executor"
    )
}
