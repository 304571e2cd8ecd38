import MesosProtocol

/// What the end of a task means for its container.
struct TaskEnd: Hashable {
    enum Blame: Hashable {
        /// It failed by itself: again after a pause.
        case container
        /// The agent cannot run it: again after a pause, and elsewhere.
        case agent(AgentAvoidance.Fault)
        /// Nobody's fault: again at once.
        case nobody
        /// The master does not take it as it is: again after the longest pause.
        case description
    }

    let blame: Blame
    private let what: String
    private let advice: String

    /// What a terminal status says.
    init(_ status: MesosTaskStatus, user: String) {
        blame = TaskEnd.blame(status)
        var text = TaskEnd.name(status.state)
        if status.hasReason { text += " (\(TaskEnd.name(status.reason)))" }
        let message = TaskEnd.oneLine(status.message)
        if !message.isEmpty { text += ": \(message)" }
        what = text
        advice = TaskEnd.advice(status, user: user)
    }

    /// One line for the user.
    func reason(on hostname: String) -> String { "\(what) on \(hostname)\(advice)" }

    private static func blame(_ status: MesosTaskStatus) -> Blame {
        switch (status.state, status.hasReason ? status.reason : nil) {
        case (.taskError, _): .description
        case (_, .invalidOffers): .nobody
        // Recorded: how an agent reports a user that it does not know.
        case (.taskDropped, .executorTerminated), (.taskLost, .executorTerminated): .agent(.unusable)
        case (.taskFailed, .containerLaunchFailed): .agent(.unfit)
        case (.taskFailed, .executorRegistrationTimeout): .agent(.unfit)
        case (.taskFailed, _), (.taskFinished, _): .container
        default: .nobody
        }
    }

    /// What the user can do, for what is known to be in the user's hands.
    private static func advice(_ status: MesosTaskStatus, user: String) -> String {
        switch (status.state, status.hasReason ? status.reason : nil) {
        case (.taskDropped, .executorTerminated), (.taskLost, .executorTerminated):
            "; is there a user '\(user)' on the agent? the role in cluster/role names it"
        case (.taskFailed, .containerLaunchFailed) where status.message.contains("Failed to fetch"):
            "; the agent could not fetch a package, see stderr in the task's sandbox"
        case (.taskFailed, .containerLimitationMemory):
            "; raise the container's memory, topology.container.ram.requested"
        case (.taskFailed, .containerLimitationDisk):
            "; raise the container's disk, topology.container.disk.requested"
        case (.taskError, .taskUnauthorized):
            "; the framework's principal may not run tasks as '\(user)'"
        default:
            ""
        }
    }

    /// Mesos's name of a state, such as TASK_RUNNING.
    static func name(_ state: MesosTaskState) -> String {
        names[state] ?? "state \(state.rawValue)"
    }

    private static let names: [MesosTaskState: String] = [
        .taskStaging: "TASK_STAGING", .taskStarting: "TASK_STARTING", .taskRunning: "TASK_RUNNING",
        .taskKilling: "TASK_KILLING", .taskFinished: "TASK_FINISHED", .taskFailed: "TASK_FAILED",
        .taskKilled: "TASK_KILLED", .taskError: "TASK_ERROR", .taskLost: "TASK_LOST",
        .taskDropped: "TASK_DROPPED", .taskUnreachable: "TASK_UNREACHABLE", .taskGone: "TASK_GONE",
        .taskGoneByOperator: "TASK_GONE_BY_OPERATOR", .taskUnknown: "TASK_UNKNOWN",
    ]

    /// The state that a name stands for, as the ledger has it.
    static func state(named name: String) -> MesosTaskState? { names.first { $0.value == name }?.key }

    /// Mesos's name of a reason in words: REASON_AGENT_REMOVED is "agent removed".
    private static func name(_ reason: MesosTaskStatus.Reason) -> String {
        var text = ""
        for character in String(describing: reason) {
            if character.isUppercase { text += " " }
            text += character.lowercased()
        }
        return text
    }

    /// The master's and the agent's texts are not ours: no control characters, and no novels.
    static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(500).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
